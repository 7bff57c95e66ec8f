package io.nowcast.frames;

import java.util.Arrays;
import java.util.Optional;

/** The unit that pixel values are in. */
public enum RainUnit {
    /** Rain rate R in millimetres per hour. */
    MILLIMETRES_PER_HOUR("mm/h"),
    /** Depth of rain in millimetres that falls in the interval between two frames. */
    MILLIMETRES("mm"),
    /** Radar reflectivity factor, 10 log10(Z / 1 mm^6 m^-3). */
    DBZ("dBZ"),
    /** Already in the number range that the model was trained on. */
    MODEL("model"),
    /** No amount of rain, but a number about it, such as whether a threshold is reached. */
    NONE("1");

    private final String symbol;

    RainUnit(String symbol) {
        this.symbol = symbol;
    }

    /**
     * The unit as the HTTP contract and the manifest write it: {@code mm/h}, {@code mm}, {@code
     * dBZ} or {@code model}.
     */
    public String symbol() {
        return symbol;
    }

    /**
     * The unit with this {@link #symbol()}, matched exactly; never {@link #NONE}, which no rain is
     * in.
     */
    public static Optional<RainUnit> ofSymbol(String symbol) {
        return Arrays.stream(values())
                .filter(unit -> unit != NONE && unit.symbol.equals(symbol))
                .findFirst();
    }

    @Override
    public String toString() {
        return symbol;
    }
}
