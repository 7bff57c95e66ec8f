package io.nowcast.scaling;

import io.nowcast.frames.RainUnit;

/** The number range of a model: an invertible function of one physical quantity. */
public sealed interface ModelScale {

    /** The physical quantity that this scale is a function of. */
    RainUnit unit();

    /** Physical value to model number; clips to the range that the model was trained on. */
    float toModel(float physical);

    /** Model number to physical value; never negative rain, never below "no echo". */
    float toPhysical(float model);

    /**
     * Reflectivity mapped linearly to 0..1: (dBZ - minimum) / (maximum - minimum), clipped.
     *
     * @param minimum dBZ that becomes 0
     * @param maximum dBZ that becomes 1
     * @param dryBelow dBZ under which it does not rain: such a pixel becomes 0, and a forecast
     *     under it is dry
     */
    record LinearReflectivity(double minimum, double maximum, double dryBelow)
            implements ModelScale {

        public LinearReflectivity {
            if (!(minimum < maximum)) {
                throw new IllegalArgumentException(
                        "a linear reflectivity scale needs minimum < maximum, got %s and %s"
                                .formatted(minimum, maximum));
            }
        }

        @Override
        public RainUnit unit() {
            return RainUnit.DBZ;
        }

        @Override
        public float toModel(float reflectivity) {
            if (reflectivity < dryBelow) {
                return 0;
            }
            return (float)
                    ((Math.clamp(reflectivity, minimum, maximum) - minimum) / (maximum - minimum));
        }

        @Override
        public float toPhysical(float model) {
            double reflectivity = minimum + model * (maximum - minimum);
            return reflectivity < dryBelow ? ZrRelation.NO_ECHO_DBZ : (float) reflectivity;
        }
    }

    /**
     * Rain rate divided by a constant and clipped: min(R, maximum) / divisor.
     *
     * @param divisor rain rate in mm/h that becomes 1
     * @param maximum rain rate in mm/h above which the input is clipped
     */
    record LinearRain(double divisor, double maximum) implements ModelScale {

        public LinearRain {
            if (!(divisor > 0 && maximum > 0)) {
                throw new IllegalArgumentException(
                        "a linear rain scale needs a positive divisor and maximum, got %s and %s"
                                .formatted(divisor, maximum));
            }
        }

        @Override
        public RainUnit unit() {
            return RainUnit.MILLIMETRES_PER_HOUR;
        }

        @Override
        public float toModel(float millimetresPerHour) {
            return (float) (Math.min(millimetresPerHour, maximum) / divisor);
        }

        @Override
        public float toPhysical(float model) {
            return (float) Math.max(0, model * divisor);
        }
    }
}
