package io.nowcast.codec;

import io.nowcast.frames.RainUnit;

/** What stands for "observed, and no echo". */
final class DryValue {

    /** The lowest reflectivity of the usual 8-bit codes; at or below it, it does not rain. */
    private static final float NO_ECHO_DBZ = -32;

    private DryValue() {}

    static float of(RainUnit unit) {
        return switch (unit) {
            case DBZ -> NO_ECHO_DBZ;
            case MILLIMETRES_PER_HOUR, MILLIMETRES, MODEL, NONE -> 0;
        };
    }
}
