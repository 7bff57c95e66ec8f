package io.nowcast.frames;

import java.util.Arrays;
import java.util.Optional;

/** The unit that pixel values are in. */
public enum RainUnit {
    /** Rain rate R in millimetres per hour. */
    MILLIMETRES_PER_HOUR("mm/h"),
    /** Radar reflectivity factor, 10 log10(Z / 1 mm^6 m^-3). */
    DBZ("dBZ"),
    /** Already in the number range that the model was trained on. */
    MODEL("model");

    private final String symbol;

    RainUnit(String symbol) {
        this.symbol = symbol;
    }

    /**
     * The unit as the HTTP contract and the manifest write it: {@code mm/h}, {@code dBZ} or {@code
     * model}.
     */
    public String symbol() {
        return symbol;
    }

    /** The unit with this {@link #symbol()}, matched exactly. */
    public static Optional<RainUnit> ofSymbol(String symbol) {
        return Arrays.stream(values()).filter(unit -> unit.symbol.equals(symbol)).findFirst();
    }

    @Override
    public String toString() {
        return symbol;
    }
}
