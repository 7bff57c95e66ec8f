package io.nowcast.projection;

/**
 * The figure of the earth that a projection uses.
 *
 * @param semiMajorAxis in metres
 * @param semiMinorAxis in metres, equal on a sphere
 */
record Ellipsoid(double semiMajorAxis, double semiMinorAxis) {

    /** Axes below this are in kilometres: KNMI writes them so, to have coordinates in km. */
    private static final double SMALLEST_IN_METRES = 100_000;

    static Ellipsoid of(ProjParameters definition) {
        double major = definition.number("a").orElse(definition.number("R").orElse(0));
        if (major == 0) {
            return named(definition.text("ellps").orElse(definition.text("datum").orElse("WGS84")));
        }
        double minor = definition.number("b").orElse(major);
        double flattening = definition.number("rf").orElse(0);
        if (definition.text("b").isEmpty() && flattening != 0) {
            minor = major * (1 - 1 / flattening);
        }
        double metres = major < SMALLEST_IN_METRES ? 1000 : 1;
        return new Ellipsoid(major * metres, minor * metres);
    }

    /** Whether a definition gives its axes, and with them its coordinates, in kilometres. */
    static boolean inKilometres(ProjParameters definition) {
        double major = definition.number("a").orElse(definition.number("R").orElse(0));
        return major > 0 && major < SMALLEST_IN_METRES;
    }

    private static Ellipsoid named(String name) {
        return switch (name) {
            case "GRS80", "ETRS89", "NAD83" -> ofFlattening(6378137, 298.257222101);
            case "bessel" -> ofFlattening(6377397.155, 299.1528128);
            case "intl" -> ofFlattening(6378388, 297);
            case "clrk66" -> new Ellipsoid(6378206.4, 6356583.8);
            case "sphere" -> new Ellipsoid(6370997, 6370997);
            case "WGS84" -> ofFlattening(6378137, 298.257223563);
            default ->
                    throw new ProjectionException(
                            "the ellipsoid '" + name + "' is not known; give +a and +b");
        };
    }

    private static Ellipsoid ofFlattening(double major, double inverse) {
        return new Ellipsoid(major, major * (1 - 1 / inverse));
    }
}
