package io.nowcast.scaling;

/**
 * Exponential and logarithm to the precision of a {@code float}, faster than the ones of {@link
 * Math}, which are correct to that of a {@code double}. For the inner loops over pixels.
 *
 * <p>Both take a number apart into a power of two, the nearest of a few points in a table and a
 * rest that a short series reaches (P. T. P. Tang, Table-driven implementation of the exponential
 * function, ACM TOMS 15, 1989, and of the logarithm function, ACM TOMS 16, 1990).
 */
final class FloatPrecision {

    /** Points of a table between a power of two and the next one, as a power of two. */
    private static final int BITS = 7;

    private static final int POINTS = 1 << BITS;
    private static final int MANTISSA_BITS = 52;
    private static final int EXPONENT_BIAS = 1023;
    private static final long ONE = (long) EXPONENT_BIAS << MANTISSA_BITS;
    private static final double LN_2 = StrictMath.log(2);
    private static final double STEP = LN_2 / POINTS;
    private static final double STEPS_OF_ONE = 1 / STEP;

    /** Added and taken away again, it rounds a number of at most 2^51 to an integer. */
    private static final double ROUNDING = 0x1.8p52;

    /** Beyond it a {@code double} is 0 or infinite soon, and the tables end. */
    private static final double LARGEST_EXPONENT = 700;

    /** 2^(index / POINTS). */
    private static final double[] POWERS = new double[POINTS];

    /** 1/c for the centre c of each interval of 1/POINTS between 1 and 2. */
    private static final double[] RECIPROCALS = new double[POINTS];

    /** ln c. */
    private static final double[] LOGARITHMS = new double[POINTS];

    static {
        for (int index = 0; index < POINTS; index++) {
            POWERS[index] = StrictMath.pow(2, (double) index / POINTS);
            double centre = 1 + (index + 0.5) / POINTS;
            // On both sides of 1 the logarithm is the rest alone, so that it loses no digits there.
            if (index == 0) {
                centre = 1;
            } else if (index == POINTS - 1) {
                centre = 2;
            }
            RECIPROCALS[index] = 1 / centre;
            LOGARITHMS[index] = StrictMath.log(centre);
        }
    }

    private FloatPrecision() {}

    /** e^x within 1e-11 of itself; that of {@link Math} where it is far from any rain. */
    static double exp(double x) {
        if (!(Math.abs(x) < LARGEST_EXPONENT)) {
            return Math.exp(x);
        }
        double steps = x * STEPS_OF_ONE + ROUNDING;
        long whole = Double.doubleToRawLongBits(steps);
        double rest = x - (steps - ROUNDING) * STEP;
        double series = 1 + rest * (1 + rest * (1.0 / 2 + rest * (1.0 / 6)));
        int index = (int) whole & (POINTS - 1);
        // The low bits of a number beyond 2^52 are its integer.
        long exponent = (long) ((int) whole >> BITS) << MANTISSA_BITS;
        return Double.longBitsToDouble(Double.doubleToRawLongBits(POWERS[index]) + exponent)
                * series;
    }

    /** ln x within 1e-9 of itself; that of {@link Math} where x is no normal positive number. */
    static double log(double x) {
        long bits = Double.doubleToRawLongBits(x);
        if (!(x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE)) {
            return Math.log(x);
        }
        int index = (int) (bits >>> (MANTISSA_BITS - BITS)) & (POINTS - 1);
        double mantissa = Double.longBitsToDouble((bits & ((1L << MANTISSA_BITS) - 1)) | ONE);
        long exponent = (bits >>> MANTISSA_BITS) - EXPONENT_BIAS;
        double rest = mantissa * RECIPROCALS[index] - 1;
        double series = rest * (1 + rest * (-1.0 / 2 + rest * (1.0 / 3 + rest * (-1.0 / 4))));
        // From the left: below 1 the first two cancel exactly next to it.
        return exponent * LN_2 + LOGARITHMS[index] + series;
    }
}
