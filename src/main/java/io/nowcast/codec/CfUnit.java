package io.nowcast.codec;

import io.nowcast.frames.RainUnit;
import java.util.Optional;

/**
 * A unit as CF files write it.
 *
 * @param factor by which the file's numbers become numbers in {@code unit}
 */
record CfUnit(RainUnit unit, double factor) {

    static final String KNOWN =
            "mm h-1, mm/h, kg m-2 h-1, mm s-1, kg m-2 s-1, m s-1, mm, kg m-2, dBZ";

    static Optional<CfUnit> of(String units) {
        String plain = units.strip().replaceAll("\\s+", " ").replace("^", "").replace("**", "");
        return Optional.ofNullable(
                switch (plain) {
                    case "mm h-1", "mm hr-1", "mm/h", "mm/hr", "mm hour-1", "kg m-2 h-1" ->
                            new CfUnit(RainUnit.MILLIMETRES_PER_HOUR, 1);
                    case "mm s-1", "mm/s", "kg m-2 s-1" ->
                            new CfUnit(RainUnit.MILLIMETRES_PER_HOUR, 3600);
                    case "m s-1", "m/s" -> new CfUnit(RainUnit.MILLIMETRES_PER_HOUR, 3_600_000);
                    case "mm", "kg m-2" -> new CfUnit(RainUnit.MILLIMETRES, 1);
                    case "dBZ", "dbz", "DBZ" -> new CfUnit(RainUnit.DBZ, 1);
                    default -> null;
                });
    }
}
