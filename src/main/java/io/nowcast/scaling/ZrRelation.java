package io.nowcast.scaling;

/**
 * The power law Z = a R^b between radar reflectivity factor Z in mm^6 m^-3 and rain rate R in mm/h.
 * The default is that of Marshall, Gunn and Palmer (1955), 200 and 1.6. Immutable.
 */
public final class ZrRelation {

    /** Z = 200 R^1.6. */
    public static final ZrRelation MARSHALL_PALMER = new ZrRelation(200, 1.6);

    /**
     * Reflectivity that stands for "no echo" where a number must be given, in dBZ. At or below it,
     * it does not rain.
     */
    public static final float NO_ECHO_DBZ = -32;

    private final double a;
    private final double b;

    /** The dBZ of 1 mm/h. Kept, as the next one, since logarithms for every pixel are slow. */
    private final double dbzOfOne;

    /** The dBZ by which e times the rain rate is higher. */
    private final double dbzOfFactorE;

    /**
     * Makes a relation.
     *
     * @param a prefactor, positive
     * @param b exponent, positive
     */
    public ZrRelation(double a, double b) {
        if (!(a > 0 && b > 0 && Double.isFinite(a) && Double.isFinite(b))) {
            throw new IllegalArgumentException(
                    "Z = a R^b needs positive a and b, got %s and %s".formatted(a, b));
        }
        this.a = a;
        this.b = b;
        this.dbzOfOne = 10 * Math.log10(a);
        this.dbzOfFactorE = 10 * Math.log10(Math.E) * b;
    }

    /**
     * 10 log10(a R^b) in dBZ, {@link #NO_ECHO_DBZ} where that is lower or R is 0; NaN stays NaN.
     * Correct to one unit in the last place of a {@code float}.
     */
    public float reflectivity(float millimetresPerHour) {
        if (millimetresPerHour <= 0) {
            return NO_ECHO_DBZ;
        }
        double reflectivity = dbzOfOne + dbzOfFactorE * FloatPrecision.log(millimetresPerHour);
        return Math.max(NO_ECHO_DBZ, (float) reflectivity);
    }

    /**
     * (10^(dBZ/10) / a)^(1/b) in mm/h, 0 at or below {@link #NO_ECHO_DBZ}; NaN stays NaN. Correct
     * to one unit in the last place of a {@code float}.
     */
    public float rainRate(float reflectivity) {
        if (reflectivity <= NO_ECHO_DBZ) {
            return 0;
        }
        return (float) FloatPrecision.exp((reflectivity - dbzOfOne) / dbzOfFactorE);
    }

    @Override
    public String toString() {
        return "Z = %s R^%s".formatted(a, b);
    }
}
