package io.nowcast.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The files of a model's weights, beside its manifest: one, or several of which each holds a part
 * of the network.
 *
 * @param byPart file names by part; a single file is the part {@code ""}
 */
public record WeightFiles(Map<String, String> byPart) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public WeightFiles {
        if (byPart.isEmpty() || byPart.values().stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("weights names no file");
        }
        byPart = Map.copyOf(byPart);
        byPart.values().forEach(file -> requireBesideManifest("weights", file));
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static WeightFiles of(String file) {
        return new WeightFiles(Map.of("", file));
    }

    static void requireBesideManifest(String entry, String file) {
        if (file.contains("/") || file.contains("\\") || file.contains("..")) {
            throw new IllegalArgumentException(
                    "%s must be the name of a file beside model.yaml, got '%s'"
                            .formatted(entry, file));
        }
    }

    @JsonValue
    Object asWritten() {
        return byPart.containsKey("") ? byPart.get("") : byPart;
    }

    /** The names, for people. */
    @Override
    public String toString() {
        return String.join(", ", new TreeMap<>(byPart).values());
    }
}
