package io.nowcast.projection;

import io.nowcast.frames.MapProjection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.locationtech.proj4j.CRSFactory;
import org.locationtech.proj4j.Proj4jException;

/** Tells any projection as a PROJ string. */
final class ProjDefinition {

    private static final List<String> CF_PROJ_STRINGS =
            List.of("proj4_params", "proj4", "proj4text", "proj4_string");

    private ProjDefinition() {}

    /**
     * The projection's PROJ string.
     *
     * @throws ProjectionException if it cannot be told
     */
    static ProjParameters of(MapProjection projection) {
        return switch (projection) {
            case MapProjection.ProjString proj -> ProjParameters.parse(proj.definition());
            case MapProjection.GridMapping mapping -> ofGridMapping(mapping.attributes());
            case MapProjection.GeoKeys keys -> GeoKeyDirectory.definition(keys);
        };
    }

    /** The definition that EPSG gives a code. */
    static ProjParameters ofEpsg(int code) {
        try {
            String definition =
                    new CRSFactory().createFromName("EPSG:" + code).getParameterString();
            return ProjParameters.parse(definition);
        } catch (Proj4jException | IllegalStateException unknown) {
            throw new ProjectionException("EPSG:" + code + " is not known", unknown);
        }
    }

    private static ProjParameters ofGridMapping(Map<String, Object> attributes) {
        for (String name : CF_PROJ_STRINGS) {
            if (attributes.get(name) instanceof String definition) {
                return ProjParameters.parse(definition);
            }
        }
        String name = String.valueOf(attributes.get("grid_mapping_name"));
        Map<String, String> values = new LinkedHashMap<>();
        if (name.equals("latitude_longitude")) {
            values.put("proj", "longlat");
        } else {
            ProjectionMethod method =
                    ProjectionMethod.ofCf(name)
                            .orElseThrow(() ->
                                    new ProjectionException(
                                            "the grid mapping '" + name + "' is not known"));
            values.put("proj", method.proj());
            int parallels = 0;
            for (ProjectionMethod.Parameter parameter : method.parameters()) {
                int index = parameter.proj().equals("lat_2") ? parallels : 0;
                parallels += parameter.cf().equals("standard_parallel") ? 1 : 0;
                number(attributes.get(parameter.cf()), index)
                        .ifPresent(number -> values.put(parameter.proj(), text(number)));
            }
        }
        axes(attributes, values);
        return new ProjParameters(values);
    }

    private static void axes(Map<String, Object> attributes, Map<String, String> values) {
        Optional<Double> major =
                number(attributes.get("semi_major_axis"), 0)
                        .or(() -> number(attributes.get("earth_radius"), 0));
        Optional<Double> minor = number(attributes.get("semi_minor_axis"), 0);
        Optional<Double> flattening = number(attributes.get("inverse_flattening"), 0);
        major.ifPresent(axis -> {
            values.put("a", text(axis));
            if (minor.isPresent()) {
                values.put("b", text(minor.get()));
            } else if (flattening.filter(f -> f != 0).isPresent()) {
                values.put("rf", text(flattening.get()));
            } else {
                values.put("b", text(axis));
            }
        });
        if (major.isEmpty()) {
            values.put("ellps", "WGS84");
        }
    }

    private static Optional<Double> number(
            @org.jspecify.annotations.Nullable Object value, int index) {
        return switch (value) {
            case Number number -> Optional.of(number.doubleValue());
            case List<?> list
                    when index < list.size() && list.get(index) instanceof Number number ->
                    Optional.of(number.doubleValue());
            case null, default -> Optional.empty();
        };
    }

    static String text(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? String.format(Locale.ROOT, "%d", (long) number)
                : Double.toString(number);
    }
}
