package io.nowcast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.nowcast.codec.NpyArray;
import io.nowcast.model.NowcastModel;
import io.nowcast.testing.NumpyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The checkpoints of public repositories, where the folder of them is at hand, against the output
 * of the original code. {@code shared-networks.csv} says which choices a manifest must make and
 * what the axes of the arrays are. With {@code -Dnowcast.differences=FILE} the measured differences
 * are appended to a file.
 *
 * <p>With {@code -Dnowcast.other-grids=FOLDER} also on other grids, for other frames and steps,
 * against what {@code networks/make_fixtures.py --other} wrote there.
 */
class SharedNetworksTest {

    private static final Path CHECKPOINTS =
            Path.of(System.getProperty("nowcast.shared", "../shared")).resolve("checkpoints");

    private static final String OTHER_GRIDS = System.getProperty("nowcast.other-grids", "");

    @ParameterizedTest(name = "{0} {4}")
    @CsvFileSource(resources = "/engine/shared-networks.csv", numLinesToSkip = 1, delimiter = '|')
    void givesWhatTheOriginalCodeGave(
            String folder,
            String choices,
            String input,
            String inputAxes,
            String expected,
            String expectedAxes,
            int skip)
            throws IOException {
        assumeThat(CHECKPOINTS).as("public checkpoints").isDirectory();
        Path directory = CHECKPOINTS.resolve(folder);
        NumpyFile frames = inOrder(read(directory, input), inputAxes);
        NumpyFile answer = inOrder(read(directory, expected), expectedAxes);
        try (NowcastModel model =
                new DjlModelLoader().open(weights(directory), parse(choices), TestedDevice.NAME)) {
            float[] forecast = NetworkFixturesTest.predict(model, frames, answer.size(1) + skip);
            float[] compared = withoutFirst(forecast, skip, answer);

            assertThat(compared).hasSameSizeAs(answer.values());
            float difference = NetworkFixturesTest.difference(compared, answer.values());
            float range = Math.max(1, NetworkFixturesTest.largest(answer.values()));
            report(folder, model.facts().network(), choices, expected, difference, range);
            // The tolerance that the project promises, relative to the range of the output.
            assertThat(difference).isLessThan(TestedDevice.tolerance(1e-4f) * range);
        }
    }

    static Stream<Arguments> foldersAndChoices() throws IOException {
        return lines().stream()
                .map(line -> line.split("\\|", -1))
                .map(cells -> List.of(cells[0].strip(), cells[1].strip()))
                .distinct()
                .map(pair -> Arguments.of(pair.getFirst(), pair.getLast()));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("foldersAndChoices")
    void givesWhatPyTorchGivesOnAnotherGrid(String folder, String choices) throws IOException {
        assumeThat(OTHER_GRIDS).as("-Dnowcast.other-grids").isNotEmpty();
        assumeThat(CHECKPOINTS).as("public checkpoints").isDirectory();
        try (NowcastModel model =
                new DjlModelLoader()
                        .open(
                                weights(CHECKPOINTS.resolve(folder)),
                                parse(choices),
                                TestedDevice.NAME)) {
            assumeThat(model.facts().fixedSteps()).as("a trace fixes everything").isFalse();
            Path directory = Path.of(OTHER_GRIDS).resolve(folder);
            NumpyFile frames = read(directory, "input");
            NumpyFile answer = read(directory, "expected" + variant(parse(choices)));
            float[] forecast = NetworkFixturesTest.predict(model, frames, answer.size(1));

            assertThat(forecast).hasSameSizeAs(answer.values());
            float difference = NetworkFixturesTest.difference(forecast, answer.values());
            float range = Math.max(1, NetworkFixturesTest.largest(answer.values()));
            String shape =
                    "%d frames of %dx%d, %d steps"
                            .formatted(
                                    frames.size(1), frames.size(3), frames.size(4), answer.size(1));
            report(folder, model.facts().network(), choices, shape, difference, range);
            assertThat(difference).isLessThan(TestedDevice.tolerance(1e-4f) * range);
        }
    }

    /** Which of the answers that a folder's choices have between them, by the name of the array. */
    private static String variant(Map<String, String> choices) {
        return Stream.of("forecast", "batch-norm")
                .filter(choices::containsKey)
                .findFirst()
                .map(name -> "-" + choices.get(name))
                .orElse("");
    }

    private static List<String> lines() throws IOException {
        List<String> all =
                Files.readAllLines(Path.of("src/test/resources/engine/shared-networks.csv"));
        return all.subList(1, all.size());
    }

    /** The gif that the authors of the trained Moving MNIST network published, in grey levels. */
    @Test
    void theTrainedNetworkGivesWhatItsAuthorsPublished() throws IOException {
        assumeThat(CHECKPOINTS).as("public checkpoints").isDirectory();
        Path directory = CHECKPOINTS.resolve("l1_silver0x10_trained");
        NpyArray published =
                NpyArray.read(
                        "published",
                        Files.readAllBytes(directory.resolve("published_prediction.npy")));
        try (NowcastModel model =
                new DjlModelLoader()
                        .open(
                                weights(directory),
                                Map.of("batch-norm", "frame"),
                                TestedDevice.NAME)) {
            float[] forecast =
                    NetworkFixturesTest.predict(
                            model, inOrder(read(directory, "input"), "BTHW"), 10);

            // A gif holds whole grey levels; the authors' own PyTorch rounds differently.
            assertThat(
                            NetworkFixturesTest.difference(
                                    forecast, published.values(0, published.length())))
                    .isLessThan(1.01f);
        }
    }

    @Test
    void everyFolderIsTested() throws IOException {
        assumeThat(CHECKPOINTS).as("public checkpoints").isDirectory();
        List<String> tested =
                lines().stream().map(line -> line.split("\\|", -1)[0].strip()).toList();
        try (Stream<Path> folders = Files.list(CHECKPOINTS)) {
            assertThat(tested)
                    .containsAll(
                            folders.filter(Files::isDirectory)
                                    .map(folder -> folder.getFileName().toString())
                                    .toList());
        }
    }

    private static NumpyFile read(Path directory, String name) {
        return NumpyFile.read(directory.resolve(name + ".npy"));
    }

    private static SequencedMap<String, Path> weights(Path directory) throws IOException {
        SequencedMap<String, Path> weights = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> file.toString().matches(".*\\.(pth|pt|ckpt|safetensors)"))
                    .forEach(file ->
                            weights.put(
                                    file.getFileName().toString().replaceAll("\\..*", ""), file));
        }
        return weights.size() == 1
                ? new TreeMap<>(Map.of("", weights.firstEntry().getValue()))
                : weights;
    }

    private static Map<String, String> parse(String choices) {
        Map<String, String> parsed = new HashMap<>();
        if (choices != null && !choices.isEmpty()) {
            for (String choice : choices.split(";", -1)) {
                parsed.put(choice.split("=", -1)[0].strip(), choice.split("=", -1)[1].strip());
            }
        }
        return parsed;
    }

    /** Rearranges an array with the named axes to B, T, C, H, W; axes that it lacks have size 1. */
    private static NumpyFile inOrder(NumpyFile array, String axes) {
        int[] sizes = new int[5];
        int[] strides = new int[5];
        Arrays.fill(sizes, 1);
        int stride = 1;
        for (int axis = axes.length() - 1; axis >= 0; axis--) {
            int target = "BTCHW".indexOf(axes.charAt(axis));
            sizes[target] = array.size(axis);
            strides[target] = stride;
            stride *= array.size(axis);
        }
        float[] ordered = new float[array.values().length];
        int[] at = new int[5];
        for (int index = 0; index < ordered.length; index++) {
            int rest = index;
            int source = 0;
            for (int axis = 4; axis >= 0; axis--) {
                at[axis] = rest % sizes[axis];
                rest /= sizes[axis];
                source += at[axis] * strides[axis];
            }
            ordered[index] = array.values()[source];
        }
        return NumpyFile.of(ordered, sizes);
    }

    private static float[] withoutFirst(float[] forecast, int skip, NumpyFile answer) {
        if (skip == 0) {
            return forecast;
        }
        int batch = answer.size(0);
        int kept = answer.values().length / batch;
        int all = forecast.length / batch;
        float[] rest = new float[answer.values().length];
        for (int index = 0; index < batch; index++) {
            System.arraycopy(forecast, (index + 1) * all - kept, rest, index * kept, kept);
        }
        return rest;
    }

    private static void report(
            String folder,
            String layout,
            String choices,
            String array,
            float difference,
            float range)
            throws IOException {
        String file = System.getProperty("nowcast.differences");
        if (file != null) {
            Files.writeString(
                    Path.of(file),
                    "| %s | %s | %s | %s | %.1e | %.1e |%n"
                            .formatted(
                                    folder,
                                    layout,
                                    parse(choices).isEmpty()
                                            ? ""
                                            : "`" + choices.replace("; ", "`, `") + "`",
                                    array,
                                    difference,
                                    difference / range),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }
}
