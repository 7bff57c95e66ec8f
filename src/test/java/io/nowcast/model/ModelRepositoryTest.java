package io.nowcast.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelRepositoryTest {

    private static final String MANIFEST =
            """
            description: A model
            weights: weights.pth
            network: {residual: source}
            frames: {input: 5, output: 12, maximum: 24}
            interval: PT5M
            grid: {minimum: 16, maximum-pixels: 1000000}
            scaling: {kind: linear-reflectivity, minimum: 0, maximum: 60, dry-below: 5, zr: {a: 223, b: 1.53}}
            missing: {fill: dry, mask-channel: true}
            encodings:
              8-bit: {unit: dBZ, scale-factor: 0.5, add-offset: -32, fill-value: 255}
            warm-up: [128x96]
            """;

    @TempDir Path directory;

    @Test
    void readsAWholeManifest() throws IOException {
        write(directory, "good", MANIFEST);

        ModelManifest manifest = scan(directory).folders().getFirst().manifest();

        assertThat(manifest.description()).hasValue("A model");
        assertThat(manifest.choices()).containsEntry("residual", "source");
        assertThat(manifest.frames().maximumOutput()).isEqualTo(24);
        assertThat(manifest.interval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(manifest.gridLimits().maximumArea()).isEqualTo(1_000_000);
        assertThat(manifest.warmUpGrids(Optional.empty())).containsExactly(new GridShape(128, 96));
        assertThat(manifest.pixelEncodings().eightBit())
                .isEqualTo(new PixelEncoding(RainUnit.DBZ, 0.5, -32, OptionalDouble.of(255)));
        assertThat(manifest.pixelEncodings().sixteenBit())
                .isEqualTo(PixelEncoding.identity(RainUnit.MILLIMETRES_PER_HOUR));
    }

    @Test
    void keepsTheSoundFoldersBesideBrokenOnes() throws IOException {
        write(directory, "good", MANIFEST);
        write(directory, "typo", MANIFEST.replace("description:", "descripton:"));
        Files.createDirectory(directory.resolve("empty"));
        Files.createDirectory(directory.resolve(".hidden"));
        write(directory, "no weights", MANIFEST);
        write(directory, "kindless", MANIFEST.replace("kind: linear-reflectivity, ", ""));
        Path bare = write(directory, "bare", MANIFEST);
        Files.delete(bare.resolve("weights.pth"));

        ModelRepository.Contents contents = scan(directory);

        assertThat(contents.folders()).extracting(ModelFolder::name).containsExactly("good");
        assertThat(contents.broken())
                .containsOnlyKeys("typo", "empty", "no weights", "kindless", "bare");
        assertThat(contents.broken().get("typo"))
                .contains("model.yaml, line 1")
                .contains("descripton");
        assertThat(contents.broken().get("empty"))
                .isEqualTo("there is no model.yaml in the folder");
        assertThat(contents.broken().get("no weights")).contains("named by letters");
        assertThat(contents.broken().get("bare"))
                .contains("'weights.pth'")
                .contains("not in the folder");
    }

    @Test
    void aLaterDirectoryReplacesAModelOfTheSameName(@TempDir Path other) throws IOException {
        write(directory, "model", MANIFEST);
        write(other, "model", MANIFEST.replace("A model", "The other one"));

        assertThat(scan(directory, other).folders())
                .singleElement()
                .satisfies(folder ->
                        assertThat(folder.manifest().description()).hasValue("The other one"));
    }

    @Test
    void saysWhichDirectoryCannotBeListed() {
        assertThatThrownBy(() -> scan(directory.resolve("nowhere")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("nowhere");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "weights: weights.pth | \"\" | 'weights' is missing",
                "weights: weights.pth | weights: ../weights.pth | a file beside model.yaml",
                "interval: PT5M | interval: 5 minutes | 5 minutes",
                "interval: PT5M | interval: PT0S | interval must be positive",
                "input: 5 | input: 0 | frames need input >= 1",
                "maximum: 24 | maximum: 3 | 1 <= output <= maximum",
                "linear-reflectivity | quadratic | linear-reflectivity, linear-rain, log-rain, standard-score or hko-7",
                "minimum: 0, maximum: 60 | minimum: 60, maximum: 0 | minimum < maximum",
                "minimum: 0, maximum: 60, | maximum: 60, | needs 'minimum'",
                "fill: dry | fill: farthest | missing.fill is 'dry', 'value', 'mean' or 'nearest'",
                "unit: dBZ | unit: inch | mm/h, mm, dBZ or model",
                "scale-factor: 0.5 | scale-factor: 0 | scale_factor must be finite and not 0",
                "128x96 | 128 | a grid is written like 256x256",
                "kind: linear-reflectivity, | \"\" | 'scaling.kind' is missing",
                "fill: dry, | \"\" | 'missing.fill' is missing",
                "unit: dBZ, | \"\" | 'unit' is missing",
                "weights: weights.pth | weights: {a: } | weights names no file",
                "residual: source | residual: | 'network.residual' is missing",
                "128x96 | null | 'warm-up' is missing",
                "minimum: 16 | minimum: 0 | grid.minimum is at least 1, got 0",
                "maximum-pixels: 1000000 | maximum-pixels: -1 | grid.maximum-pixels is at least 1, got -1",
                "minimum: 16 | multiple: 0 | grid.multiple is at least 1, got 0",
                "a: 223 | a: -1 | positive a and b",
                "description: A model | description: 'A | not YAML"
            })
    void saysWhatIsWrongInAManifest(String right, String wrong, String message) throws IOException {
        write(directory, "model", MANIFEST.replace(right, wrong));

        assertThat(scan(directory).broken().get("model"))
                .startsWith("model.yaml")
                .contains(message);
    }

    @Test
    void partsMayLieInTheSameFile(@TempDir Path copies) throws IOException {
        Path folder =
                write(
                        directory,
                        "shared",
                        MANIFEST.replace(": weights.pth", ": {a: weights.pth, b: weights.pth}"));

        try (ModelSnapshots snapshots = new ModelSnapshots(true, Optional.of(copies))) {
            ModelFolder taken = snapshots.take("shared", folder);

            assertThat(taken.weights()).containsOnlyKeys("a", "b");
            assertThat(taken.weights().values())
                    .allSatisfy(file -> assertThat(file).hasContent("weights"));
        }
    }

    private static ModelRepository.Contents scan(Path... directories) {
        return new ModelRepository(List.of(directories)).scan();
    }

    private static Path write(Path directory, String name, String manifest) throws IOException {
        Path folder = Files.createDirectory(directory.resolve(name));
        Files.writeString(folder.resolve("model.yaml"), manifest);
        Files.writeString(folder.resolve("weights.pth"), "weights");
        return folder;
    }
}
