package io.nowcast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.layout.RecognisedNetwork;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelRepository;
import io.nowcast.model.NowcastModel;
import io.nowcast.model.Placement;
import io.nowcast.testing.BundledModel;
import io.nowcast.testing.NetworkFixture;
import io.nowcast.testing.NumpyFile;
import io.nowcast.torchscript.NumberFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reduced number formats, against what PyTorch computed for the same weights without them. */
class PrecisionTest {

    private static final Path BUNDLED = Path.of("src/main/resources/models/radar-convgru");
    private static final Path RADAR = Path.of("src/test/resources/radar");
    private static final Path FIXTURE = Path.of("src/test/resources/engine");

    /**
     * bf16 keeps 8 bits, so a product is off by up to 2^-8; sums over channels and gates that
     * saturate average that out, steps of recurrence add it up.
     */
    private static final float OF_THE_RANGE = 0.05f;

    @TempDir Path directory;

    static List<NetworkFixture> fixtures() throws IOException {
        return NetworkFixture.all();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void everyNetworkStaysCloseToPyTorchInBf16(NetworkFixture fixture) {
        NumpyFile expected = fixture.array("expected");
        Checkpoint checkpoint = CheckpointReader.read(fixture.weights());
        RecognisedNetwork network = RecognisedNetwork.in(checkpoint, fixture.choices());
        try (NowcastModel model =
                DjlModelLoader.copy(network, "", NumberFormat.BF16, TestedDevice.NAME)) {
            float[] forecast =
                    NetworkFixturesTest.predict(model, fixture.array("input"), expected.size(1));

            float difference = NetworkFixturesTest.difference(forecast, expected.values());
            float range = Math.max(1, NetworkFixturesTest.largest(expected.values()));
            assertThat(difference).isLessThan(OF_THE_RANGE * range);
        }
    }

    /**
     * What shares the call, and how many threads it has, must not show in bf16 either, where a sum
     * that is rounded otherwise is off by 2^-8.
     */
    @Test
    void answersInBf16ExactlyAsAloneWhereTheProcessorHasIt() throws IOException {
        assumeTrue(Processor.isFastInBf16(TestedDevice.NAME), "the device computes slowly in bf16");
        ModelFolder folder = bundled("precision: {format: bf16, tolerance: 0.05}");
        List<ModelFrames> inputs = List.of(noise(1), noise(2), noise(3));
        try (NowcastModel model =
                new DjlModelLoader().load(folder, Placement.on(TestedDevice.NAME))) {
            model.computeWith(2, true);
            List<ModelFrames> together = model.predict(inputs, 12);

            model.computeWith(1, true);
            for (int index = 0; index < inputs.size(); index++) {
                ModelFrames alone = model.predict(List.of(inputs.get(index)), 12).getFirst();
                assertThat(together.get(index).values()).containsExactly(alone.values());
            }
        }
    }

    private static ModelFrames noise(long seed) {
        Random random = new Random(seed);
        float[] values = new float[5 * 2 * 64 * 64];
        for (int index = 0; index < values.length; index++) {
            values[index] = random.nextFloat();
        }
        return new ModelFrames(5, 2, new GridShape(64, 64), values);
    }

    @Test
    void servesTheBundledModelInBf16AndTellsItsError() throws IOException {
        ModelFolder folder = bundled("precision: {format: bf16, tolerance: 0.05}");
        try (NowcastModel model =
                new DjlModelLoader().load(folder, Placement.on(TestedDevice.NAME))) {
            assertThat(model.facts().precision().asked()).isEqualTo("bf16");
            assertThat(model.facts().precision().used()).isEqualTo("bf16");
            assertThat(model.facts().precision().error().orElseThrow().largest())
                    .isBetween(1e-5, 0.05);
            assertThat(model.facts().precision().error().orElseThrow().mean())
                    .isBetween(1e-7, 0.005);
            assertThat(differenceFromPyTorch(model)).isBetween(1e-5f, OF_THE_RANGE);
        }
    }

    @Test
    void refusesAFormatThatIsLessAccurateThanTolerated() throws IOException {
        ModelFolder folder = bundled("precision: {format: bf16, tolerance: 1.0e-7}");

        assertThatThrownBy(() -> new DjlModelLoader().load(folder, Placement.on(TestedDevice.NAME)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("bf16 differs from float32 by")
                .hasMessageContaining("precision.tolerance is 1.0e-07");
    }

    @Test
    void servesFloat32InsteadWhereTheManifestSaysSo() throws IOException {
        ModelFolder folder =
                bundled("precision: {format: bf16, tolerance: 1.0e-7, otherwise: float32}");
        try (NowcastModel model =
                new DjlModelLoader().load(folder, Placement.on(TestedDevice.NAME))) {
            assertThat(model.facts().precision().asked()).isEqualTo("bf16");
            assertThat(model.facts().precision().used()).isEqualTo("float32");
            assertThat(model.facts().precision().error().orElseThrow().format()).isEqualTo("bf16");
            assertThat(differenceFromPyTorch(model)).isLessThan(TestedDevice.tolerance(1e-4f));
        }
    }

    @Test
    void autoTriesBf16OnlyWhereItIsFast() throws IOException {
        ModelFolder folder = bundled("precision: auto");
        try (NowcastModel model =
                new DjlModelLoader().load(folder, Placement.on(TestedDevice.NAME))) {
            assertThat(model.facts().precision().asked()).isEqualTo("auto");
            assertThat(model.facts().precision().error().isPresent())
                    .isEqualTo(Processor.isFastInBf16(TestedDevice.NAME));
        }
    }

    @Test
    void refusesAWordThatIsNoFormat() throws IOException {
        write("precision: float16");

        assertThat(new ModelRepository(List.of(directory)).scan().broken().get("radar"))
                .contains("precision.format is float32, bf16, fp16, auto, got 'float16'");
    }

    @Test
    void refusesToChangeTheFormatOfAnExportedModule() throws IOException {
        String manifest = Files.readString(BUNDLED.resolve(ModelRepository.MANIFEST));
        Path folder = Files.createDirectory(directory.resolve("exported"));
        Files.writeString(
                folder.resolve(ModelRepository.MANIFEST),
                manifest.replaceFirst("network:\n  residual: source\n", "")
                        + "\nprecision: bf16\n");
        Files.copy(FIXTURE.resolve("scripted/weights.pt"), folder.resolve("weights.pth"));
        ModelFolder module = new ModelRepository(List.of(directory)).scan().folders().getFirst();

        assertThatThrownBy(() -> new DjlModelLoader().load(module, Placement.on(TestedDevice.NAME)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("precision is bf16, but a TorchScript module");
    }

    @Test
    void measuresTheErrorOnTheManifestsSample() throws IOException {
        double artificial = error(bundled("precision: {format: bf16, tolerance: 0.05}"));
        Files.delete(directory.resolve("radar/weights.pth"));
        Files.delete(directory.resolve("radar").resolve(ModelRepository.MANIFEST));
        Files.delete(directory.resolve("radar"));

        double numbers = error(withSample("fmi_20160928_5x64x64_mmh_f32.npy"));
        assertThat(numbers).isBetween(1e-5, 0.1).isNotEqualTo(artificial);
    }

    @Test
    void readsASampleInTheFormatsOfARequest() throws IOException {
        assertThat(error(withSample("fmi_20160928_5x64x64_odim.zip"))).isBetween(1e-5, 0.1);
    }

    @Test
    void refusesASampleThatIsNone() throws IOException {
        ModelFolder folder = withSample("README.md");

        assertThatThrownBy(() -> new DjlModelLoader().load(folder, Placement.on(TestedDevice.NAME)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("precision.sample, README.md, cannot be read: ");
    }

    @Test
    void refusesASampleWithAnInfiniteValue() throws IOException {
        String file = "fmi_20160928_5x64x64_mmh_f32.npy";
        ModelFolder folder = withSample(file);
        byte[] frames = Files.readAllBytes(RADAR.resolve(file));
        ByteBuffer.wrap(frames)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(frames.length - Float.BYTES, Float.POSITIVE_INFINITY);
        Files.write(directory.resolve("radar").resolve(file), frames);

        assertThatThrownBy(() -> new DjlModelLoader().load(folder, Placement.on(TestedDevice.NAME)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("the sample is unusable: ");
    }

    @Test
    void refusesASampleThatIsNotThere() throws IOException {
        write("precision: {format: bf16, sample: nowhere.npy}");

        assertThat(new ModelRepository(List.of(directory)).scan().broken().get("radar"))
                .contains("names precision.sample 'nowhere.npy', which is not in the folder");
    }

    @Test
    void refusesASampleElsewhere() throws IOException {
        write("precision: {format: bf16, sample: ../radar.npy}");

        assertThat(new ModelRepository(List.of(directory)).scan().broken().get("radar"))
                .contains("precision.sample must be the name of a file beside model.yaml");
    }

    private ModelFolder withSample(String file) throws IOException {
        write("precision: {format: bf16, tolerance: 0.1, sample: %s}".formatted(file));
        Files.copy(RADAR.resolve(file), directory.resolve("radar").resolve(file));
        return new ModelRepository(List.of(directory)).scan().folders().getFirst();
    }

    private static double error(ModelFolder folder) {
        try (NowcastModel model =
                new DjlModelLoader().load(folder, Placement.on(TestedDevice.NAME))) {
            return model.facts().precision().error().orElseThrow().largest();
        }
    }

    private ModelFolder bundled(String precision) throws IOException {
        write(precision);
        return new ModelRepository(List.of(directory)).scan().folders().getFirst();
    }

    private void write(String precision) throws IOException {
        BundledModel.copy(directory, "radar", manifest -> manifest + "\n" + precision + "\n");
    }

    private static float differenceFromPyTorch(NowcastModel model) {
        NumpyFile input = NumpyFile.read(FIXTURE.resolve("bundled/input.npy"));
        NumpyFile expected = NumpyFile.read(FIXTURE.resolve("bundled/expected.npy"));
        ModelFrames frames =
                new ModelFrames(
                        input.size(0),
                        input.size(1),
                        new GridShape(input.size(2), input.size(3)),
                        input.values());
        float[] forecast = model.predict(List.of(frames), expected.size(0)).getFirst().values();
        return NetworkFixturesTest.difference(forecast, expected.values());
    }
}
