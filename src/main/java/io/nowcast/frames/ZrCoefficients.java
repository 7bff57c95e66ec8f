package io.nowcast.frames;

/**
 * The numbers of a power law Z = a R^b between radar reflectivity factor Z in mm^6 m^-3 and rain
 * rate R in mm/h, where a file, a request or a model tells them.
 *
 * @param a prefactor, positive and finite
 * @param b exponent, positive and finite
 */
public record ZrCoefficients(double a, double b) {

    public ZrCoefficients {
        if (!(a > 0 && b > 0 && Double.isFinite(a) && Double.isFinite(b))) {
            throw new IllegalArgumentException(
                    "Z = a R^b needs positive a and b, got %s and %s".formatted(a, b));
        }
    }
}
