package io.nowcast.scaling;

import io.nowcast.frames.RainUnit;

/** The number range of a model: an invertible function of one physical quantity. */
public sealed interface ModelScale {

    /** The physical quantity that this scale is a function of. */
    RainUnit unit();

    /** Physical value to model number; clips to the range that the model was trained on. */
    float toModel(float physical);

    /** The function in words, with what it clips. */
    String description();

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
        public String description() {
            return "(dBZ - %s) / %s, dBZ clipped to %s..%s; dry below %s dBZ"
                    .formatted(minimum, maximum - minimum, minimum, maximum, dryBelow);
        }

        @Override
        public float toModel(float reflectivity) {
            if (reflectivity < dryBelow) {
                return 0;
            }
            return (float)
                    ((clamped(reflectivity, minimum, maximum) - minimum) / (maximum - minimum));
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
        public String description() {
            return "R / %s, R clipped to at most %s mm/h".formatted(divisor, maximum);
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

    /**
     * The decimal logarithm of rain, shifted and scaled: (log10(R + offset) - mean) / deviation.
     *
     * @param offset in mm/h, positive: what keeps dry pixels finite
     * @param mean and {@code deviation}: of the logarithms, 0 and 1 where the model takes them as
     *     they are
     * @param maximum rain rate in mm/h above which the input is clipped
     * @param dryBelow rain rate in mm/h under which a forecast is dry
     */
    record LogRain(double offset, double mean, double deviation, double maximum, double dryBelow)
            implements ModelScale {

        private static final double LN_10 = Math.log(10);

        public LogRain {
            if (!(offset > 0 && deviation > 0 && maximum > 0)) {
                throw new IllegalArgumentException(
                        "a logarithmic rain scale needs a positive offset, deviation and maximum, got %s, %s and %s"
                                .formatted(offset, deviation, maximum));
            }
        }

        @Override
        public RainUnit unit() {
            return RainUnit.MILLIMETRES_PER_HOUR;
        }

        @Override
        public String description() {
            return "(log10(R + %s) - %s) / %s, R clipped to 0..%s mm/h; dry below %s mm/h"
                    .formatted(offset, mean, deviation, maximum, dryBelow);
        }

        @Override
        public float toModel(float millimetresPerHour) {
            double rain = clamped(millimetresPerHour, 0, maximum);
            return (float) ((FloatPrecision.log(rain + offset) / LN_10 - mean) / deviation);
        }

        @Override
        public float toPhysical(float model) {
            double rain = FloatPrecision.exp((model * deviation + mean) * LN_10) - offset;
            return rain < dryBelow ? 0 : (float) Math.max(0, rain);
        }
    }

    /**
     * The standard score of a quantity: (v - mean) / deviation.
     *
     * @param unit of v: mm/h or dBZ
     * @param minimum and {@code maximum}: v is clipped to them on the way in
     * @param dryBelow v under which a forecast is dry
     */
    record StandardScore(
            RainUnit unit,
            double mean,
            double deviation,
            double minimum,
            double maximum,
            double dryBelow)
            implements ModelScale {

        public StandardScore {
            if (!(deviation > 0 && minimum < maximum)
                    || (unit != RainUnit.DBZ && unit != RainUnit.MILLIMETRES_PER_HOUR)) {
                throw new IllegalArgumentException(
                        "a standard score needs mm/h or dBZ, a positive deviation and minimum < maximum, got %s, %s, %s and %s"
                                .formatted(unit, deviation, minimum, maximum));
            }
        }

        @Override
        public String description() {
            return "(%s - %s) / %s, clipped to %s..%s %s; dry below %s"
                    .formatted(
                            unit == RainUnit.DBZ ? "dBZ" : "R",
                            mean,
                            deviation,
                            minimum,
                            maximum,
                            unit,
                            dryBelow);
        }

        @Override
        public float toModel(float physical) {
            return (float) ((clamped(physical, minimum, maximum) - mean) / deviation);
        }

        @Override
        public float toPhysical(float model) {
            double physical = model * deviation + mean;
            if (physical < dryBelow) {
                return unit == RainUnit.DBZ ? ZrRelation.NO_ECHO_DBZ : 0;
            }
            return (float) (unit == RainUnit.DBZ ? physical : Math.max(0, physical));
        }
    }

    /** Clamps, and leaves NaN, which is missing data. */
    private static double clamped(double value, double minimum, double maximum) {
        return value < minimum ? minimum : Math.min(value, maximum);
    }
}
