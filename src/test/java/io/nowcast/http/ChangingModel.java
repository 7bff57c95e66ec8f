package io.nowcast.http;

import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.network.WeightTensor;
import io.nowcast.testing.SafetensorsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model folder that tests write to: the same small network with weights that are scaled by a
 * factor, so that every factor answers otherwise.
 */
final class ChangingModel {

    static final String MANIFEST =
            """
            weights: weights.safetensors
            network: {residual: source}
            frames: {input: 5, output: 3}
            interval: PT5M
            grid: {minimum: 16}
            scaling: {kind: linear-reflectivity, minimum: 0, maximum: 60, dry-below: 5}
            missing: {fill: dry, mask-channel: true}
            warm-up: [64x64]
            """;

    private static final Path WEIGHTS = Path.of("src/test/resources/engine/source/weights.pth");

    private final Path folder;

    ChangingModel(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** Writes a whole model. */
    void write(float factor) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("model.yaml"), MANIFEST);
            writeWeights(factor);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    void writeWeights(float factor) throws IOException {
        Map<String, WeightTensor> tensors = new LinkedHashMap<>();
        CheckpointReader.read(new TreeMap<>(Map.of("", WEIGHTS)))
                .tensors()
                .forEach((name, tensor) -> tensors.put(name, scaled(tensor, factor)));
        SafetensorsFile.write(folder.resolve("weights.safetensors"), tensors);
    }

    private static WeightTensor scaled(WeightTensor tensor, float factor) {
        float[] values = tensor.values().clone();
        for (int index = 0; index < values.length; index++) {
            values[index] *= factor;
        }
        return new WeightTensor(tensor.shape(), values);
    }
}
