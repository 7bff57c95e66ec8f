package io.nowcast.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.nowcast.checkpoint.TorchScriptSignature.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Files in the layouts of public repositories, where the folder of them is at hand. */
class SharedCheckpointsTest {

    private static final Path CHECKPOINTS =
            Path.of(System.getProperty("nowcast.shared", "../shared")).resolve("checkpoints");
    private static final JsonMapper JSON = new JsonMapper();

    @TestFactory
    List<DynamicTest> everyFileIsReadWithTheKeysThatItsDescriptionCounts() throws IOException {
        assumePresent();
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> folders = Files.list(CHECKPOINTS)) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                JsonNode about = JSON.readTree(folder.resolve("about.json"));
                for (JsonNode weights : about.get("weights")) {
                    Path file = folder.resolve(weights.get("file").asString());
                    String name = folder.getFileName() + "/" + file.getFileName();
                    tests.add(DynamicTest.dynamicTest(name, () -> check(file, weights)));
                }
            }
        }
        return tests;
    }

    private static void check(Path file, JsonNode about) {
        String format = about.get("format").asString();
        if (format.startsWith("TorchScript")) {
            assertThat(CheckpointFormat.detect(file)).isEqualTo(CheckpointFormat.TORCHSCRIPT);
            assertThatThrownBy(() -> CheckpointReader.read(file))
                    .isInstanceOf(CheckpointException.Unsupported.class)
                    .hasMessageContaining("TorchScript");
            return;
        }
        Checkpoint checkpoint = CheckpointReader.read(file);
        assertThat(checkpoint.digest()).isEqualTo(about.get("sha256").asString());
        assertThat(checkpoint.tensors().size() + checkpoint.ignored().size())
                .isEqualTo(about.get("keys").asInt());
        assertThat(checkpoint.prefix()).isEqualTo(about.get("prefix").asString(""));
        assertThat(checkpoint.format()).isEqualTo(CheckpointFormat.detect(file));
        String container = about.get("container").asString();
        if (checkpoint.wrapper().isEmpty()) {
            assertThat(container).startsWith("plain state_dict");
        } else {
            String wrapper = checkpoint.wrapper().get();
            assertThat(container).containsAnyOf("*" + wrapper + "*");
        }
    }

    @Test
    void scriptedProgramTakesFramesAndSteps() {
        assumePresent();
        assertThat(signature("o1_torchscript_scripted/nowcaster_scripted.pt"))
                .isEqualTo(
                        new TorchScriptSignature(
                                List.of(
                                        new Parameter("frames", "Tensor", false),
                                        new Parameter("steps", "int", false)),
                                "Tensor",
                                false,
                                List.of()));
    }

    @Test
    void tracedProgramTakesFramesOnly() {
        assumePresent();
        assertThat(signature("o2_torchscript_traced/nowcaster_traced.pt"))
                .isEqualTo(
                        new TorchScriptSignature(
                                List.of(new Parameter("frames", "Tensor", false)),
                                "Tensor",
                                true,
                                List.of(2, 5, 1, 32, 32)));
    }

    private static TorchScriptSignature signature(String file) {
        return TorchScriptSignature.read(CHECKPOINTS.resolve(file));
    }

    private static void assumePresent() {
        assumeThat(CHECKPOINTS)
                .as("the shared checkpoints are not at %s", CHECKPOINTS)
                .isDirectory();
    }
}
