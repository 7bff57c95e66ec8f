package io.nowcast.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

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

    private final Path directory;
    private final Path folder;

    private SecondModel(Path directory, Path folder) {
        this.directory = directory;
        this.folder = folder;
    }

    /**
     * Makes its folder.
     *
     * @param models the directory of models, which is made too
     */
    static SecondModel place(Path models) throws IOException {
        SecondModel model =
                new SecondModel(
                        models.toAbsolutePath(), Files.createDirectories(models.resolve(NAME)));
        model.describe("");
        model.mend();
        return model;
    }

    /** The directory of models that it is in. */
    Path directory() {
        return directory;
    }

    /** Makes it another model with the same weights and so the same answers. */
    void describe(String addition) throws IOException {
        Files.writeString(folder.resolve("model.yaml"), MANIFEST + "# " + addition + "\n");
    }

    /** Leaves half of its weights, as a copy that was broken off does. */
    void damage() throws IOException {
        byte[] whole = Files.readAllBytes(WEIGHTS);
        Files.write(folder.resolve("weights.pth"), Arrays.copyOf(whole, whole.length / 2));
    }

    /** Gives it all of its weights again. */
    void mend() throws IOException {
        Files.copy(WEIGHTS, folder.resolve("weights.pth"), StandardCopyOption.REPLACE_EXISTING);
    }
}
