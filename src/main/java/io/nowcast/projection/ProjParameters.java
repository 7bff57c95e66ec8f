package io.nowcast.projection;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A PROJ string taken apart: {@code +proj=laea +lat_0=55} is {@code proj} and {@code lat_0}.
 *
 * @param values by name without the plus; a flag has the empty text
 */
record ProjParameters(Map<String, String> values) {

    /**
     * Most degrees of an angle, ten turns: Proj4J takes off one turn at a time, for ever where a
     * turn is lost in rounding.
     */
    static final int FURTHEST_DEGREES = 3600;

    /** Of UTM. */
    private static final int ZONES = 60;

    private static final int LONGEST = 1000;

    private static final Set<String> ANGLES =
            Set.of("lat_0", "lat_1", "lat_2", "lat_ts", "lon_0", "lonc", "alpha", "gamma");

    /** What makes the plane. */
    private static final Set<String> PLANE =
            Set.of(
                    "proj",
                    "lat_0",
                    "lat_1",
                    "lat_2",
                    "lat_ts",
                    "lon_0",
                    "lonc",
                    "alpha",
                    "gamma",
                    "k",
                    "k_0",
                    "x_0",
                    "y_0",
                    "a",
                    "b",
                    "rf",
                    "R",
                    "ellps",
                    "datum",
                    "units",
                    "to_meter",
                    "zone",
                    "south",
                    "h",
                    "sweep");

    /** What is written beside it, of other datums, heights, catalogues and ways to compute. */
    private static final Set<String> BESIDE =
            Set.of(
                    "no_defs",
                    "type",
                    "wktext",
                    "towgs84",
                    "nadgrids",
                    "geoidgrids",
                    "vunits",
                    "vto_meter",
                    "title",
                    "over",
                    "approx");

    /** What says nothing but the usual. */
    private static final Map<String, Set<String>> USUAL =
            Map.of("axis", Set.of("enu"), "pm", Set.of("greenwich", "0"));

    ProjParameters {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * Takes a definition apart.
     *
     * @throws ProjectionException if it names no projection, or a number in it is none
     */
    static ProjParameters parse(String definition) {
        if (definition.length() > LONGEST || !definition.contains("proj=")) {
            throw new ProjectionException(
                    "expected a PROJ string such as '+proj=laea +lat_0=55 +lon_0=10 +ellps=WGS84', got '%s'"
                            .formatted(definition.substring(0, Math.min(80, definition.length()))));
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String word : definition.strip().split("\\s+", -1)) {
            String[] pair = word.replaceFirst("^\\+", "").split("=", 2);
            values.put(pair[0], pair.length == 2 ? pair[1] : "");
        }
        ProjParameters parameters = new ProjParameters(values);
        values.keySet().stream()
                .filter(name -> name.matches("lat_.*|lon_.*|x_0|y_0|k|k_0|a|b|rf|R"))
                .forEach(parameters::number);
        return parameters;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** A number; angles may bear the letter of their direction, as in {@code 25E}. */
    OptionalDouble number(String name) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return OptionalDouble.empty();
        }
        try {
            String plain = text.get().replaceFirst("[NE]$", "");
            double sign = plain.matches(".*[SW]") ? -1 : 1;
            double number = sign * Double.parseDouble(plain.replaceFirst("[SW]$", ""));
            if (ANGLES.contains(name) && Math.abs(number) > FURTHEST_DEGREES) {
                throw new ProjectionException(
                        "the projection's %s is '%s', expected at most %d degrees"
                                .formatted(name, text.get(), FURTHEST_DEGREES));
            }
            if (Double.isFinite(number)) {
                return OptionalDouble.of(number);
            }
        } catch (NumberFormatException _) {
            // The message below says what was expected.
        }
        throw new ProjectionException(
                "the projection's %s is '%s', expected a finite number"
                        .formatted(name, text.get()));
    }

    /** Whether places are told in degrees rather than in a plane. */
    boolean isGeographic() {
        return text("proj").orElse("").matches("longlat|latlong|lonlat|latlon");
    }

    /**
     * What makes the plane alone. Among the rest are names of files, which no request may have
     * opened, and what a library refuses though it says nothing of the plane.
     *
     * @throws ProjectionException if there is a parameter that is not known, or an angle or a zone
     *     that is none
     */
    Map<String, String> plane() {
        ANGLES.forEach(this::number);
        double zone = number("zone").orElse(1);
        if (zone < 1 || zone > ZONES) {
            throw new ProjectionException(
                    "the projection's zone is '%s', expected 1 to %d"
                            .formatted(values.get("zone"), ZONES));
        }
        Map<String, String> plane = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (PLANE.contains(name)) {
                plane.put(name, value);
            } else if (!BESIDE.contains(name)
                    && !USUAL.getOrDefault(name, Set.of()).contains(value)) {
                throw new ProjectionException(
                        "the projection's parameter '%s=%s' is not known".formatted(name, value));
            }
        });
        return plane;
    }

    String definition() {
        return values.entrySet().stream()
                .map(entry ->
                        "+"
                                + entry.getKey()
                                + (entry.getValue().isEmpty() ? "" : "=" + entry.getValue()))
                .collect(Collectors.joining(" "));
    }
}
