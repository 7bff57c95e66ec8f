package io.nowcast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelManifest;
import io.nowcast.model.ModelRepository;
import io.nowcast.model.NowcastModel;
import io.nowcast.model.Placement;
import io.nowcast.model.WeightFiles;
import io.nowcast.testing.NumpyFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares with what PyTorch computed for the same weights and input, see {@code
 * engine/make_fixtures.py}.
 */
class DjlModelLoaderTest {

    private static final Path FIXTURES = Path.of("src/test/resources/engine");

    /** The contract's tolerance: both engines round differently, and the arrays lie in 0..1. */
    private static final float TOLERANCE = 1e-4f;

    /**
     * By how much an answer may depend on what else is computed, see docs/http.md; here it is 0.
     */
    private static final float CONTRACT = 1e-6f;

    private final DjlModelLoader loader = new DjlModelLoader();

    @ParameterizedTest
    @CsvSource({
        "source, weights.pth, source",
        "target, weights.pth, target",
        "target, weights.safetensors, target",
        "scripted, weights.pt,",
        "traced, weights.pt,"
    })
    void givesTheFramesThatPyTorchGives(String fixture, String weights, String residual) {
        NumpyFile expected = NumpyFile.read(FIXTURES.resolve(fixture, "expected.npy"));
        List<ModelFrames> input = input(fixture);

        try (NowcastModel model =
                loader.load(
                        folder(fixture, weights, Optional.ofNullable(residual)),
                        Placement.on(TestedDevice.NAME))) {
            List<ModelFrames> forecast = model.predict(input, expected.size(1));

            assertThat(forecast).hasSize(expected.size(0));
            assertThat(maximumDifference(concatenated(forecast), expected.values()))
                    .isLessThan(TestedDevice.tolerance(TOLERANCE));
        }
    }

    /** Input and answer of the shipped weights, written by {@code src/training/fixtures.py}. */
    @Test
    void theBundledModelGivesTheFramesThatPyTorchGives() {
        NumpyFile input = NumpyFile.read(FIXTURES.resolve("bundled", "input.npy"));
        NumpyFile expected = NumpyFile.read(FIXTURES.resolve("bundled", "expected.npy"));
        ModelFrames frames =
                new ModelFrames(
                        input.size(0),
                        input.size(1),
                        new GridShape(input.size(2), input.size(3)),
                        input.values());
        ModelFolder bundled =
                new ModelRepository(List.of(Path.of("src/main/resources/models")))
                        .scan()
                        .folders()
                        .getFirst();

        try (NowcastModel model = loader.load(bundled, Placement.on(TestedDevice.NAME))) {
            ModelFrames forecast = model.predict(List.of(frames), expected.size(0)).getFirst();

            assertThat(maximumDifference(forecast.values(), expected.values()))
                    .isLessThan(TestedDevice.tolerance(TOLERANCE));
        }
    }

    @Test
    void runsToAnyNumberOfStepsWithoutChangingTheFirstOnes() {
        try (NowcastModel model =
                loader.load(
                        folder("source", "weights.pth", Optional.of("source")),
                        Placement.on(TestedDevice.NAME))) {
            List<ModelFrames> input = input("source");
            float[] twelve = model.predict(input, 12).getFirst().values();

            ModelFrames twenty = model.predict(input, 20).getFirst();

            assertThat(twenty.length()).isEqualTo(20);
            assertThat(maximumDifference(Arrays.copyOf(twenty.values(), twelve.length), twelve))
                    .isLessThanOrEqualTo(TestedDevice.tolerance(0, 1e-4f));
        }
    }

    @Test
    void answersEachInputOfABatchAsAlone() {
        try (NowcastModel model =
                loader.load(
                        folder("source", "weights.pth", Optional.of("source")),
                        Placement.on(TestedDevice.NAME))) {
            List<ModelFrames> input = input("source");
            float[] together = concatenated(model.predict(input, 12));

            float[] alone =
                    concatenated(
                            input.stream()
                                    .map(one -> model.predict(List.of(one), 12).getFirst())
                                    .toList());

            assertThat(maximumDifference(alone, together))
                    .isLessThan(TestedDevice.tolerance(CONTRACT, 1e-4f));
        }
    }

    /**
     * A call that is alone has more threads than one of several. These weights are random and
     * magnify what rounding differs by; with oneDNN's own transposed convolutions these grids
     * differed by up to 1.4e-5.
     */
    @ParameterizedTest
    @CsvSource({"48, 64", "112, 80"})
    void answersTheSameWithAnyNumberOfThreads(int height, int width) {
        List<ModelFrames> input =
                List.of(noise(5, new GridShape(height, width), new Random(height)));
        try (NowcastModel model =
                loader.load(
                        folder("source", "weights.pth", Optional.of("source")),
                        Placement.on(TestedDevice.NAME))) {
            PyTorch.computeWith(1);
            float[] alone = model.predict(input, 12).getFirst().values();

            PyTorch.computeWith(2);
            float[] shared = model.predict(input, 12).getFirst().values();

            assertThat(maximumDifference(alone, shared))
                    .isLessThan(TestedDevice.tolerance(CONTRACT, 1e-4f));
        }
    }

    /**
     * One algorithm for every batch: what a forecast shares its call with must not show in it. From
     * 128x128 on, the lead times go through the network in chunks.
     */
    @ParameterizedTest
    @CsvSource({"32, 4", "64, 3", "128, 2", "256, 2"})
    void theBundledModelAnswersInABatchExactlyAsAlone(int side, int batch) {
        GridShape grid = new GridShape(side, side);
        Random random = new Random(side);
        List<ModelFrames> inputs =
                Stream.generate(() -> noise(5, grid, random)).limit(batch).toList();
        ModelFolder bundled =
                new ModelRepository(List.of(Path.of("src/main/resources/models")))
                        .scan()
                        .folders()
                        .getFirst();
        try (NowcastModel model = loader.load(bundled, Placement.on(TestedDevice.NAME))) {
            List<ModelFrames> together = model.predict(inputs, 12);

            for (int index = 0; index < batch; index++) {
                float[] alone = model.predict(List.of(inputs.get(index)), 12).getFirst().values();
                assertThat(maximumDifference(together.get(index).values(), alone))
                        .isLessThan(TestedDevice.tolerance(CONTRACT, 1e-4f));
            }
        }
    }

    private static ModelFrames noise(int frames, GridShape grid, Random random) {
        float[] values = new float[Math.toIntExact(2L * frames * grid.pixels())];
        for (int index = 0; index < values.length; index++) {
            values[index] = random.nextFloat();
        }
        return new ModelFrames(frames, 2, grid, values);
    }

    @Test
    void tellsWhatItLoaded() {
        try (NowcastModel model =
                loader.load(
                        folder("source", "weights.pth", Optional.of("source")),
                        Placement.on(TestedDevice.NAME))) {
            assertThat(model.facts().network()).isEqualTo("radar-convgru");
            assertThat(model.facts().gridMultiple()).isEqualTo(16);
            assertThat(model.facts().digest()).hasSize(64);
            // sum(p.numel() for p in network.parameters()) of RadarConvGru((4, 6, 8))
            assertThat(model.facts().parameters()).isEqualTo(PARAMETERS);
        }
    }

    private static final long PARAMETERS = 14_210;

    @Test
    void refusesToGuessWhatTheWeightsDoNotTell() {
        assertThatThrownBy(() ->
                        loader.load(
                                folder("source", "weights.pth", Optional.empty()),
                                Placement.on(TestedDevice.NAME)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("network.residual")
                .hasMessageContaining("[source, target]");
    }

    @Test
    void refusesAManifestWithOtherChannelsThanTheNetwork() {
        ModelFolder folder = folder("source", "weights.pth", Optional.of("source"), false);

        assertThatThrownBy(() -> loader.load(folder, Placement.on(TestedDevice.NAME)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("reads 2 channels")
                .hasMessageContaining("make 1");
    }

    @Test
    void refusesADeviceThatIsNotThere() {
        assertThatThrownBy(() -> loader.devices("cuda:99"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("cuda:99");
        assertThatThrownBy(() -> loader.devices("tpu"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("'cpu' or 'cuda:N'");
        assertThat(loader.devices("cpu")).containsExactly(DeviceName.CPU);
    }

    private static ModelFolder folder(String fixture, String weights, Optional<String> residual) {
        return folder(fixture, weights, residual, residual.isPresent() || fixture.equals("source"));
    }

    private static ModelFolder folder(
            String fixture, String weights, Optional<String> residual, boolean mask) {
        ModelManifest manifest =
                new ModelManifest(
                        Optional.empty(),
                        WeightFiles.of(weights),
                        residual.map(value -> Map.of("residual", value)),
                        new ModelManifest.Frames(
                                NumpyFile.read(FIXTURES.resolve(fixture, "input.npy")).size(1),
                                4,
                                Optional.of(24)),
                        Duration.ofMinutes(5),
                        Optional.empty(),
                        new ModelManifest.Scaling(
                                "linear-rain",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(1.0),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        new ModelManifest.Missing(
                                "dry", Optional.empty(), mask, Optional.empty(), Optional.empty()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        return new ModelFolder(fixture, FIXTURES.resolve(fixture), manifest);
    }

    private static List<ModelFrames> input(String fixture) {
        NumpyFile input = NumpyFile.read(FIXTURES.resolve(fixture, "input.npy"));
        GridShape grid = new GridShape(input.size(3), input.size(4));
        int size = input.values().length / input.size(0);
        List<ModelFrames> batch = new ArrayList<>();
        for (int index = 0; index < input.size(0); index++) {
            float[] values = Arrays.copyOfRange(input.values(), index * size, (index + 1) * size);
            batch.add(new ModelFrames(input.size(1), input.size(2), grid, values));
        }
        return batch;
    }

    private static float[] concatenated(List<ModelFrames> forecasts) {
        float[] values =
                new float[forecasts.stream().mapToInt(forecast -> forecast.values().length).sum()];
        int at = 0;
        for (ModelFrames forecast : forecasts) {
            System.arraycopy(forecast.values(), 0, values, at, forecast.values().length);
            at += forecast.values().length;
        }
        return values;
    }

    private static float maximumDifference(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        float maximum = 0;
        for (int index = 0; index < actual.length; index++) {
            maximum = Math.max(maximum, Math.abs(actual[index] - expected[index]));
        }
        return maximum;
    }
}
