package io.nowcast.projection;

import io.nowcast.frames.MapGrid;
import io.nowcast.frames.MapProjection;
import io.nowcast.frames.MapProjection.GeoKeys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Reads and writes the GeoKeys of GeoTIFF, <a
 * href="https://docs.ogc.org/is/19-008r4/19-008r4.html">OGC 19-008r4</a>: a directory of entries
 * (key, place, count, value), where the place is 0 for the value itself or the tag that holds it.
 */
public final class GeoKeyDirectory {

    private static final int MODEL_TYPE = 1024;
    private static final int RASTER_TYPE = 1025;
    private static final int CITATION = 1026;
    private static final int GEOGRAPHIC_TYPE = 2048;
    private static final int GEODETIC_DATUM = 2050;
    private static final int ANGULAR_UNITS = 2054;
    private static final int ELLIPSOID = 2056;
    private static final int SEMI_MAJOR_AXIS = 2057;
    private static final int SEMI_MINOR_AXIS = 2058;
    private static final int INVERSE_FLATTENING = 2059;
    private static final int PROJECTED_TYPE = 3072;
    private static final int PROJECTION = 3074;
    private static final int TRANSFORMATION = 3075;
    private static final int LINEAR_UNITS = 3076;
    private static final int SECOND_PARALLEL = 3079;
    private static final int ORIGIN_LATITUDE = 3081;
    private static final int DOUBLES_TAG = 34736;
    private static final int ASCII_TAG = 34737;
    private static final int USER_DEFINED = 32767;
    private static final int PROJECTED = 1;
    private static final int GEOGRAPHIC = 2;
    private static final int AREA = 1;
    private static final int DEGREE = 9102;
    private static final int METRE = 9001;
    private static final int KILOMETRE = 9036;

    private final Map<Integer, Integer> codes = new LinkedHashMap<>();
    private final Map<Integer, Double> numbers = new LinkedHashMap<>();

    private GeoKeyDirectory(GeoKeys keys) {
        List<Integer> directory = keys.directory();
        for (int at = 4; at + 3 < directory.size(); at += 4) {
            int key = directory.get(at);
            int value = directory.get(at + 3);
            if (directory.get(at + 1) == 0) {
                codes.put(key, value);
            } else if (directory.get(at + 1) == DOUBLES_TAG && value < keys.doubles().size()) {
                numbers.put(key, keys.doubles().get(value));
            }
        }
    }

    /** The unit of the coordinates of a GeoTIFF. */
    public static MapGrid.Unit unit(GeoKeys keys) {
        GeoKeyDirectory directory = new GeoKeyDirectory(keys);
        if (directory.code(MODEL_TYPE).filter(type -> type == GEOGRAPHIC).isPresent()) {
            return MapGrid.Unit.DEGREE;
        }
        return directory.code(LINEAR_UNITS).filter(unit -> unit == KILOMETRE).isPresent()
                ? MapGrid.Unit.KILOMETRE
                : MapGrid.Unit.METRE;
    }

    /** Whether pixel (0, 0)'s tie point is its centre rather than its corner. */
    public static boolean pixelIsPoint(GeoKeys keys) {
        return new GeoKeyDirectory(keys).code(RASTER_TYPE).filter(type -> type == 2).isPresent();
    }

    private Optional<Integer> code(int key) {
        return Optional.ofNullable(codes.get(key));
    }

    static ProjParameters definition(GeoKeys keys) {
        GeoKeyDirectory directory = new GeoKeyDirectory(keys);
        boolean geographic =
                directory.code(MODEL_TYPE).filter(type -> type == GEOGRAPHIC).isPresent();
        Optional<Integer> code = directory.code(geographic ? GEOGRAPHIC_TYPE : PROJECTED_TYPE);
        if (code.isPresent() && code.get() != USER_DEFINED) {
            return ProjDefinition.ofEpsg(code.get());
        }
        Map<String, String> values = new LinkedHashMap<>();
        if (geographic) {
            values.put("proj", "longlat");
        } else {
            directory.projection(values);
        }
        directory.ellipsoid(values);
        return new ProjParameters(values);
    }

    private void projection(Map<String, String> values) {
        ProjectionMethod method =
                code(TRANSFORMATION)
                        .flatMap(ProjectionMethod::ofGeoKey)
                        .orElseThrow(() ->
                                new ProjectionException(
                                        "the GeoKeys name neither an EPSG code nor a known projection"));
        values.put("proj", method.proj());
        for (ProjectionMethod.Parameter parameter : method.parameters()) {
            if (numbers.containsKey(parameter.geoKey())) {
                values.put(parameter.proj(), ProjDefinition.text(numbers.get(parameter.geoKey())));
            }
        }
        if (method == ProjectionMethod.POLAR_STEREOGRAPHIC) {
            boolean south = values.getOrDefault("lat_ts", "90").startsWith("-");
            values.put("lat_0", south ? "-90" : "90");
        }
    }

    private void ellipsoid(Map<String, String> values) {
        Optional<Double> major = Optional.ofNullable(numbers.get(SEMI_MAJOR_AXIS));
        if (major.isEmpty()) {
            values.put("ellps", "WGS84");
            return;
        }
        values.put("a", ProjDefinition.text(major.get()));
        Optional<Double> minor = Optional.ofNullable(numbers.get(SEMI_MINOR_AXIS));
        double flattening = numbers.getOrDefault(INVERSE_FLATTENING, 0.0);
        if (minor.isEmpty() && flattening != 0) {
            values.put("rf", ProjDefinition.text(flattening));
        } else {
            values.put("b", ProjDefinition.text(minor.orElse(major.get())));
        }
    }

    /**
     * A projection in GeoKeys; those that came as GeoKeys are the same again.
     *
     * @throws ProjectionException if GeoTIFF has no words for it
     */
    public static GeoKeys of(MapProjection projection, MapGrid.Unit unit) {
        if (projection instanceof GeoKeys keys) {
            return keys;
        }
        ProjParameters definition = ProjDefinition.of(projection);
        Map<Integer, Integer> codes = new TreeMap<>();
        Map<Integer, Double> numbers = new TreeMap<>();
        boolean geographic = unit == MapGrid.Unit.DEGREE;
        codes.put(MODEL_TYPE, geographic ? GEOGRAPHIC : PROJECTED);
        codes.put(RASTER_TYPE, AREA);
        codes.put(GEOGRAPHIC_TYPE, USER_DEFINED);
        codes.put(GEODETIC_DATUM, USER_DEFINED);
        codes.put(ANGULAR_UNITS, DEGREE);
        codes.put(ELLIPSOID, USER_DEFINED);
        Ellipsoid ellipsoid = Ellipsoid.of(definition);
        numbers.put(SEMI_MAJOR_AXIS, ellipsoid.semiMajorAxis());
        numbers.put(SEMI_MINOR_AXIS, ellipsoid.semiMinorAxis());
        if (!geographic) {
            ProjectionMethod method =
                    ProjectionMethod.of(definition)
                            .orElseThrow(() ->
                                    new ProjectionException(
                                            "GeoTIFF has no keys for '%s'"
                                                    .formatted(definition.definition())));
            codes.put(PROJECTED_TYPE, USER_DEFINED);
            codes.put(PROJECTION, USER_DEFINED);
            codes.put(TRANSFORMATION, method.geoKey());
            codes.put(LINEAR_UNITS, unit == MapGrid.Unit.KILOMETRE ? KILOMETRE : METRE);
            for (ProjectionMethod.Parameter parameter : method.parameters()) {
                OptionalDouble number = CfAttributes.number(definition, parameter.proj());
                if (parameter.geoKey() != ProjectionMethod.Parameter.NONE && number.isPresent()) {
                    numbers.put(parameter.geoKey(), number.getAsDouble());
                }
            }
            // PROJ implies these; readers of the keys would take the equator.
            switch (method) {
                case POLAR_STEREOGRAPHIC ->
                        definition
                                .number("lat_0")
                                .ifPresent(pole -> numbers.putIfAbsent(ORIGIN_LATITUDE, pole));
                case LAMBERT_CONFORMAL_CONIC ->
                        definition
                                .number("lat_1")
                                .ifPresent(first -> numbers.putIfAbsent(SECOND_PARALLEL, first));
                default -> {}
            }
        }
        return assemble(codes, numbers, definition.definition());
    }

    private static GeoKeys assemble(
            Map<Integer, Integer> codes, Map<Integer, Double> numbers, String citation) {
        String ascii =
                new String(citation.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII)
                                .replace('|', ' ')
                        + "|";
        List<Double> doubles = new ArrayList<>(numbers.values());
        Map<Integer, List<Integer>> entries = new TreeMap<>();
        codes.forEach((key, code) -> entries.put(key, List.of(key, 0, 1, code)));
        int index = 0;
        for (int key : numbers.keySet()) {
            entries.put(key, List.of(key, DOUBLES_TAG, 1, index++));
        }
        entries.put(CITATION, List.of(CITATION, ASCII_TAG, ascii.length(), 0));
        List<Integer> directory = new ArrayList<>(List.of(1, 1, 0, entries.size()));
        entries.values().forEach(directory::addAll);
        return new GeoKeys(directory, doubles, ascii);
    }
}
