package io.nowcast.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A small model beside the bundled one: a fixture's weights, with the same frames and scaling. */
final class SecondModel {

    static final String NAME = "second";

    private static final Path WEIGHTS = Path.of("src/test/resources/engine/source/weights.pth");
    private static final String MANIFEST =
            """
            description: A small radar ConvGRU of random numbers, for tests of load
            weights: weights.pth
            network: {residual: source}
            frames: {input: 5, output: 12, maximum: 24}
            interval: PT5M
            grid: {minimum: 16, maximum-pixels: 2000000}
            scaling: {kind: linear-reflectivity, minimum: 0, maximum: 60, dry-below: 5, zr: {a: 200, b: 1.6}}
            missing: {fill: dry, mask-channel: true}
            encodings:
              8-bit: {unit: dBZ, scale-factor: 0.5, add-offset: -32, fill-value: 255}
              16-bit: {unit: mm/h, scale-factor: 0.01, add-offset: 0, fill-value: 65535}
            """;

    private SecondModel() {}

    /** Makes the folder of models with this one in it. */
    static Path place(Path models) throws IOException {
        Path folder = Files.createDirectories(models.resolve(NAME));
        Files.writeString(folder.resolve("model.yaml"), MANIFEST);
        Files.copy(WEIGHTS, folder.resolve("weights.pth"), StandardCopyOption.REPLACE_EXISTING);
        return models.toAbsolutePath();
    }
}
