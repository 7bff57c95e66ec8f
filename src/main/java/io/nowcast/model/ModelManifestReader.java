package io.nowcast.model;

import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads {@code model.yaml} strictly: unknown entries are errors, not silence. */
final class ModelManifestReader {

    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private ModelManifestReader() {}

    /**
     * Reads and checks a manifest.
     *
     * @throws ModelException if the file cannot be read or says something that is not a manifest
     */
    static ModelManifest read(Path file) {
        try {
            ModelManifest manifest = YAML.readValue(file.toFile(), ModelManifest.class);
            if (manifest == null) {
                throw new ModelException(file.getFileName() + " is empty");
            }
            manifest.rainScaling();
            manifest.pixelEncodings();
            return manifest;
        } catch (JacksonException problem) {
            throw new ModelException(
                    file.getFileName() + place(problem) + ": " + reason(problem), problem);
        } catch (IllegalArgumentException problem) {
            throw new ModelException(file.getFileName() + ": " + problem.getMessage(), problem);
        }
    }

    private static String place(JacksonException problem) {
        return problem.getLocation() == null || problem.getLocation().getLineNr() < 1
                ? ""
                : ", line " + problem.getLocation().getLineNr();
    }

    private static String reason(JacksonException problem) {
        if (problem instanceof ValueInstantiationException instantiation
                && instantiation.getCause() != null) {
            return String.valueOf(instantiation.getCause().getMessage());
        }
        return problem instanceof DatabindException
                ? problem.getOriginalMessage()
                : "not YAML: " + problem.getOriginalMessage();
    }
}
