package io.nowcast.projection;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * A PROJ string taken apart: {@code +proj=laea +lat_0=55} is {@code proj} and {@code lat_0}.
 *
 * @param values by name without the plus; a flag has the empty text
 */
record ProjParameters(Map<String, String> values) {

    private static final int LONGEST = 1000;

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

    String definition() {
        return values.entrySet().stream()
                .map(entry ->
                        "+"
                                + entry.getKey()
                                + (entry.getValue().isEmpty() ? "" : "=" + entry.getValue()))
                .collect(Collectors.joining(" "));
    }
}
