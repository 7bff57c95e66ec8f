package io.nowcast.projection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The projections that radar composites are in, with the names of their parameters in PROJ, in the
 * CF conventions (appendix F) and in GeoTIFF (OGC 19-008r4, annex C).
 */
enum ProjectionMethod {
    LAMBERT_AZIMUTHAL_EQUAL_AREA(
            "laea",
            "lambert_azimuthal_equal_area",
            10,
            new Parameter("lon_0", "longitude_of_projection_origin", 3088),
            new Parameter("lat_0", "latitude_of_projection_origin", 3089)),
    POLAR_STEREOGRAPHIC(
            "stere",
            "polar_stereographic",
            15,
            new Parameter("lon_0", "straight_vertical_longitude_from_pole", 3095),
            new Parameter("lat_0", "latitude_of_projection_origin", Parameter.NONE),
            new Parameter("lat_ts", "standard_parallel", 3081),
            new Parameter("k_0", "scale_factor_at_projection_origin", 3092)),
    STEREOGRAPHIC(
            "stere",
            "stereographic",
            14,
            new Parameter("lon_0", "longitude_of_projection_origin", 3088),
            new Parameter("lat_0", "latitude_of_projection_origin", 3089),
            new Parameter("k_0", "scale_factor_at_projection_origin", 3092)),
    LAMBERT_CONFORMAL_CONIC(
            "lcc",
            "lambert_conformal_conic",
            8,
            new Parameter("lon_0", "longitude_of_central_meridian", 3084),
            new Parameter("lat_0", "latitude_of_projection_origin", 3085),
            new Parameter("lat_1", "standard_parallel", 3078),
            new Parameter("lat_2", "standard_parallel", 3079)),
    MERCATOR(
            "merc",
            "mercator",
            7,
            new Parameter("lon_0", "longitude_of_projection_origin", 3080),
            new Parameter("lat_ts", "standard_parallel", 3078),
            new Parameter("k_0", "scale_factor_at_projection_origin", 3092)),
    TRANSVERSE_MERCATOR(
            "tmerc",
            "transverse_mercator",
            1,
            new Parameter("lon_0", "longitude_of_central_meridian", 3080),
            new Parameter("lat_0", "latitude_of_projection_origin", 3081),
            new Parameter("k_0", "scale_factor_at_central_meridian", 3092)),
    ALBERS_EQUAL_AREA(
            "aea",
            "albers_conical_equal_area",
            11,
            new Parameter("lon_0", "longitude_of_central_meridian", 3080),
            new Parameter("lat_0", "latitude_of_projection_origin", 3081),
            new Parameter("lat_1", "standard_parallel", 3078),
            new Parameter("lat_2", "standard_parallel", 3079)),
    AZIMUTHAL_EQUIDISTANT(
            "aeqd",
            "azimuthal_equidistant",
            12,
            new Parameter("lon_0", "longitude_of_projection_origin", 3088),
            new Parameter("lat_0", "latitude_of_projection_origin", 3089));

    private final String proj;
    private final String cf;
    private final int geoKey;

    @SuppressWarnings("ImmutableEnumChecker") // Unmodifiable, which its type does not tell.
    private final List<Parameter> parameters;

    ProjectionMethod(String proj, String cf, int geoKey, Parameter... own) {
        this.proj = proj;
        this.cf = cf;
        this.geoKey = geoKey;
        boolean falseOrigin = geoKey == 8;
        List<Parameter> all = new ArrayList<>(Arrays.asList(own));
        all.add(new Parameter("x_0", "false_easting", falseOrigin ? 3086 : 3082));
        all.add(new Parameter("y_0", "false_northing", falseOrigin ? 3087 : 3083));
        this.parameters = List.copyOf(all);
    }

    String proj() {
        return proj;
    }

    String cf() {
        return cf;
    }

    int geoKey() {
        return geoKey;
    }

    List<Parameter> parameters() {
        return parameters;
    }

    /**
     * The method of a PROJ string; UTM is a transverse Mercator. There is none for a conformal
     * conic that is scaled: neither CF nor the keys used here have a word for its scale.
     */
    static Optional<ProjectionMethod> of(ProjParameters definition) {
        String name = definition.text("proj").orElse("");
        boolean polar = Math.abs(definition.number("lat_0").orElse(0)) == 90;
        if (name.equals("lcc") && CfAttributes.number(definition, "k_0").orElse(1) != 1) {
            return Optional.empty();
        }
        return switch (name) {
            case "stere" -> Optional.of(polar ? POLAR_STEREOGRAPHIC : STEREOGRAPHIC);
            case "utm" -> Optional.of(TRANSVERSE_MERCATOR);
            default ->
                    Arrays.stream(values()).filter(method -> method.proj.equals(name)).findFirst();
        };
    }

    static Optional<ProjectionMethod> ofCf(String name) {
        return Arrays.stream(values()).filter(method -> method.cf.equals(name)).findFirst();
    }

    static Optional<ProjectionMethod> ofGeoKey(int code) {
        return Arrays.stream(values()).filter(method -> method.geoKey == code).findFirst();
    }

    /**
     * One parameter of a method.
     *
     * @param geoKey the key's number, or {@link #NONE}
     */
    record Parameter(String proj, String cf, int geoKey) {
        static final int NONE = 0;
    }
}
