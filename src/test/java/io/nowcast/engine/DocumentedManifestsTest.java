package io.nowcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.layout.RecognisedNetwork;
import io.nowcast.model.DeviceName;
import io.nowcast.model.Generation;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelManifest;
import io.nowcast.model.ModelRepository;
import io.nowcast.model.NowcastModel;
import io.nowcast.model.Placement;
import io.nowcast.model.ServedModel;
import io.nowcast.testing.NetworkFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Every {@code model.yaml} of the documentation, served with the weights of the fixture that the
 * comment above it names.
 */
class DocumentedManifestsTest {

    private static final List<Path> PAGES =
            List.of(
                    Path.of("docs/checkpoints.md"),
                    Path.of("docs/serving-a-model.md"),
                    Path.of("docs/unlisted-networks.md"));
    private static final Pattern EXAMPLE =
            Pattern.compile("<!-- fixture: (\\S+) -->\\n```yaml\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ANY_EXAMPLE = Pattern.compile("```yaml\\n");

    static List<Arguments> examples() throws IOException {
        List<Arguments> examples = new ArrayList<>();
        for (Path page : PAGES) {
            Matcher example = EXAMPLE.matcher(Files.readString(page));
            while (example.find()) {
                examples.add(
                        Arguments.of(
                                example.group(1), page.getFileName().toString(), example.group(2)));
            }
        }
        return examples;
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("examples")
    void isServed(String fixture, String page, String manifest, @TempDir Path directory)
            throws IOException {
        ModelFolder folder = place(fixture, manifest, directory);
        try (NowcastModel model = new DjlModelLoader().load(folder, Placement.on(DeviceName.CPU))) {
            ServedModel served =
                    new ServedModel(
                            folder,
                            model.facts(),
                            List.of(DeviceName.CPU),
                            new Generation(1, Instant.EPOCH));
            for (GridShape grid : served.manifest().warmUpGrids(model.facts().onlyGrid())) {
                ModelManifest.Frames frames = served.manifest().frames();
                GridShape padded = served.paddedGrid(grid);
                ModelFrames forecast =
                        model.predict(List.of(zeros(served.manifest(), padded)), frames.output())
                                .getFirst();

                assertThat(Math.min(grid.height(), grid.width()))
                        .isGreaterThanOrEqualTo(served.manifest().gridLimits().minimumSide());
                assertThat(forecast.length()).as(page).isGreaterThanOrEqualTo(frames.output());
                assertThat(forecast.grid()).isEqualTo(padded);
                for (float value : forecast.values()) {
                    assertThat(value).isFinite();
                }
            }
        }
    }

    private static ModelFrames zeros(ModelManifest manifest, GridShape grid) {
        int length = manifest.frames().input();
        int channels = manifest.inputChannels();
        return new ModelFrames(
                length,
                channels,
                grid,
                new float[Math.toIntExact(grid.pixels() * length * channels)]);
    }

    /** A models directory with the manifest and the fixture's weights under the names it gives. */
    private static ModelFolder place(String fixture, String manifest, Path directory)
            throws IOException {
        Path folder = Files.createDirectory(directory.resolve("documented"));
        Files.writeString(folder.resolve(ModelRepository.MANIFEST), manifest);
        Map<String, Path> weights = NetworkFixture.named(fixture).weights();
        JsonNode named = new YAMLMapper().readTree(manifest).get("weights");
        for (Map.Entry<String, Path> part : weights.entrySet()) {
            JsonNode name = part.getKey().isEmpty() ? named : named.get(part.getKey());
            Files.copy(part.getValue(), folder.resolve(name.asString()));
        }
        ModelRepository.Contents contents = new ModelRepository(List.of(directory)).scan();
        assertThat(contents.broken()).isEmpty();
        return contents.folders().getFirst();
    }

    @Test
    void noExampleIsLeftOut() throws IOException {
        for (Path page : PAGES) {
            String text = Files.readString(page);

            assertThat(EXAMPLE.matcher(text).results().count())
                    .as(page.toString())
                    .isEqualTo(ANY_EXAMPLE.matcher(text).results().count());
        }
    }

    @Test
    void everyLayoutHasItsSection() throws IOException {
        Set<String> sections = new HashSet<>();
        for (String line : Files.readAllLines(PAGES.getFirst())) {
            if (line.startsWith("## ")) {
                sections.add(line.substring(3).split(":", -1)[0]);
            }
        }

        assertThat(sections).containsAll(RecognisedNetwork.layouts());
    }
}
