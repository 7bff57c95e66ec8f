package io.nowcast.web;

import io.swagger.v3.oas.models.media.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What OpenAPI says of the answers of {@code GET /models}. Their types lie in packages that know
 * nothing of OpenAPI, so their descriptions are given here.
 */
final class OpenApiModels {

    private static final Map<String, Map<String, String>> PROPERTIES =
            Map.of(
                    "Models",
                    Map.of(
                            "defaultModel", "The one that answers requests that name none",
                            "models", "What is served",
                            "broken", "Model folders that are not served, with the reason"),
                    "ModelDescription",
                    modelProperties(),
                    "Deviation",
                    Map.of(
                            "format", "The reduced format",
                            "largest", "Of any pixel, as a share of the range of float32's answer",
                            "mean", "Of all pixels, as such a share",
                            "tolerance", "What the largest may be"),
                    "ChangeAttempt",
                    Map.of(
                            "kind", "reload or rollback on request, or the watch",
                            "state", "loading, served or refused",
                            "began", "When it began",
                            "seconds", "That it took, null while it is under way",
                            "reason", "Why it was refused, null where it was not"),
                    "ModelChange",
                    Map.of(
                            "model", "The model's name",
                            "generation", "The one that is served now",
                            "digest", "SHA-256 of its weights",
                            "previousGeneration", "The one served before, null where none was",
                            "previousDigest", "SHA-256 of its weights",
                            "seconds", "From the request until the new generation was served"),
                    "PixelEncodings",
                    Map.of(
                            "eightBit", "Of 8-bit integers and of palette indices",
                            "sixteenBit", "Of 16-bit integers"),
                    "PixelEncoding",
                    Map.of(
                            "unit", "Unit of the physical value",
                            "scaleFactor", "physical = integer * scaleFactor + addOffset",
                            "addOffset", "See scaleFactor",
                            "fillValue", "The integer that means missing, null where none does"));

    private static final Map<String, List<String>> NULLABLE =
            Map.of(
                    "ModelDescription", List.of("description", "tileOverlap"),
                    "ChangeAttempt", List.of("seconds", "reason"),
                    "ModelChange", List.of("previousGeneration", "previousDigest"));

    private OpenApiModels() {}

    private static Map<String, String> modelProperties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("name", "By which requests ask for it");
        properties.put("description", "One sentence for people");
        properties.put("network", "Layout of its weights, or torchscript");
        properties.put("inputFrames", "Frames that it reads; of a longer sequence the last ones");
        properties.put("outputFrames", "Lead steps of an answer where the request does not say");
        properties.put("maximumSteps", "Most lead steps of an answer");
        properties.put("interval", "Time between two frames");
        properties.put("minimumSide", "Fewest pixels on a side of the grid");
        properties.put(
                "maximumPixels",
                "Most pixels of the grid after padding that the model's manifest allows in one piece");
        properties.put(
                "wholePixels",
                "Most pixels of the grid after padding that are forecast in one piece with outputFrames steps: by maximumPixels and by the service's memory");
        properties.put("above", "What becomes of a larger grid: refuse, or tile");
        properties.put(
                "tileOverlap",
                "Pixels that neighbouring tiles share at least, null where no grid is tiled");
        properties.put("gridMultiple", "What the service pads height and width to a multiple of");
        properties.put(
                "encodings", "How integer frames without an encoding of their own are meant");
        properties.put("scaling", "Its number range as a formula, with what it clips");
        properties.put(
                "coverage",
                "Where its answers are missing: kept, as in the last frame, or advected, moved on with the mean motion of the rain");
        properties.put("digest", "SHA-256 of the weights file");
        properties.put("parameters", "Number of trained values");
        properties.put("precision", "Number format that it computes in");
        properties.put("precisionAsked", "What its manifest asks for: float32, bf16, fp16 or auto");
        properties.put(
                "precisionError",
                "How far a forecast in a reduced format was from float32, null where none was tried");
        properties.put("devices", "Devices that hold a copy");
        properties.put(
                "generation",
                "Which of the loadings under its name this is, 1 for the first since the start");
        properties.put("loadedAt", "When it was ready");
        properties.put(
                "lastChange",
                "The last attempt to serve other files under its name, null where none was");
        return properties;
    }

    /** Completes the schemas that were derived from the Java types. */
    static void describe(Map<String, Schema<?>> schemas) {
        Schema<?> encoding = schemas.get("PixelEncoding");
        if (encoding != null) {
            // Derived, an OptionalDouble would be an object; it is written as a number or null.
            encoding.addProperty("fillValue", OpenApiSchemas.nullable(OpenApiSchemas.number(255)));
        }
        Schema<?> model = schemas.get("ModelDescription");
        if (model != null) {
            model.addProperty("precisionError", orNull("Deviation"));
            model.addProperty("lastChange", orNull("ChangeAttempt"));
        }
        PROPERTIES.forEach((name, descriptions) -> {
            Schema<?> schema = schemas.get(name);
            if (schema != null && schema.getProperties() != null) {
                describe(schema, descriptions, NULLABLE.getOrDefault(name, List.of()));
            }
        });
    }

    private static Schema<Object> orNull(String name) {
        Schema<Object> there = new Schema<>();
        there.set$ref("#/components/schemas/" + name);
        Schema<Object> none = new Schema<>();
        none.addType("null");
        Schema<Object> either = new Schema<>();
        either.addType("object");
        either.addType("null");
        either.setAnyOf(List.of(there, none));
        return either;
    }

    private static void describe(
            Schema<?> schema, Map<String, String> descriptions, List<String> nullable) {
        schema.getProperties()
                .forEach((property, value) -> {
                    value.setDescription(descriptions.get(property));
                    if (nullable.contains(property)) {
                        value.addType("null");
                    }
                });
        schema.setRequired(List.copyOf(new TreeSet<>(descriptions.keySet())));
    }
}
