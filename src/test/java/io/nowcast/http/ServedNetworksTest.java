package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.network.WeightTensor;
import io.nowcast.testing.NetworkFixture;
import io.nowcast.testing.NumpyFile;
import io.nowcast.testing.SafetensorsFile;
import io.nowcast.testing.ZipFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/**
 * A started service with a model folder for every self-made checkpoint whose frames are of one
 * channel, and with folders that hold something bad beside them.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "nowcast.devices=cpu",
            "nowcast.models.bundled=false",
            "nowcast.models.default-model=holmdk"
        })
class ServedNetworksTest {

    @TempDir private static Path models;

    @LocalServerPort private int port;

    static List<NetworkFixture> served() throws IOException {
        return NetworkFixture.all().stream()
                .filter(fixture -> fixture.array("input").size(2) == 1)
                .filter(fixture -> fixture.array("expected").size(2) == 1)
                .toList();
    }

    @DynamicPropertySource
    static void modelFolders(DynamicPropertyRegistry registry) throws IOException {
        for (NetworkFixture fixture : served()) {
            folder(fixture);
        }
        ofManySteps("long");
        spoiled("wrong-family", tensors -> renameAll(tensors, "cell0.", "cell_list.0."));
        spoiled("renamed-key", tensors -> rename(tensors, "cell1.Whc.weight", "cell1.Whk.weight"));
        spoiled("missing-gate", tensors -> tensors.remove("cell0.Wxf.weight"));
        spoiled(
                "swapped-dimension",
                tensors -> {
                    WeightTensor weight = Objects.requireNonNull(tensors.get("cell1.Wxi.weight"));
                    int[] shape = weight.shape();
                    int first = shape[0];
                    shape[0] = shape[1];
                    shape[1] = first;
                    tensors.put("cell1.Wxi.weight", weight.reshaped(shape));
                });
        hostile("names-os-system", archive("cos\nsystem\n(X\u0007\u0000\u0000\u0000touch /tR."));
        byte[] lying = archive("}.");
        // The size in the directory, 24 bytes after its signature 'PK\1\2': far beyond the file.
        for (int at = 0; at < lying.length - 4; at++) {
            if (lying[at] == 'P' && lying[at + 1] == 'K' && lying[at + 2] == 1) {
                lying[at + 26] = 0x7f;
                lying[at + 27] = 0x7f;
            }
        }
        hostile("lying-zip", lying);
        registry.add("nowcast.models.directory", models::toString);
    }

    @ParameterizedTest
    @MethodSource("served")
    void forecastsWhatPyTorchForecasts(NetworkFixture fixture) throws IOException {
        NumpyFile expected = fixture.array("expected");
        Body body = Body.npy(Files.readAllBytes(fixture.folder().resolve("input.npy")));

        Answer answer =
                service()
                        .forecast(
                                "units=model&model=%s&steps=%d"
                                        .formatted(name(fixture), expected.size(1)),
                                body);

        float[] forecast = answer.array().values();
        assertThat(forecast).hasSameSizeAs(expected.values());
        double range = 1;
        for (float value : expected.values()) {
            range = Math.max(range, Math.abs(value));
        }
        for (int index = 0; index < forecast.length; index++) {
            assertThat((double) forecast[index])
                    .isCloseTo(expected.values()[index], Offset.offset(1e-4 * range));
        }
    }

    /** Their times would be more than Tomcat, and proxies, let the headers of an answer have. */
    @Test
    void answersForecastsOfManySteps() throws IOException {
        Path input = NetworkFixture.named("tutorial-convgru-1x1").folder().resolve("input.npy");
        Body body = Body.npy(Files.readAllBytes(input));
        String query = "units=model&model=long&time=2026-11-28T00:00:00Z&steps=";

        Answer many = service().forecast(query + 400, body);
        Answer some = service().forecast(query + 100, body);

        assertThat(many.array().size(1)).isEqualTo(400);
        assertThat(many.header("Nowcast-Valid-Times")).isEmpty();
        assertThat(some.header("Nowcast-Valid-Times").split(", ", -1)).hasSize(100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wrong-family | no known layout has these keys",
                "renamed-key | cell1.Whc.weight",
                "missing-gate | cell0.Wxf.weight",
                "swapped-dimension | cell1.Wxi.weight",
                "names-os-system | os.system",
                "lying-zip | bytes"
            })
    void refusesABadFolderWithItsReasonAndServesTheOthers(String model, String reason) {
        JsonNode broken = service().get("/models").json().get("broken");

        assertThat(broken.toString()).contains(model);
        assertThat(broken.get(model).asString()).contains(reason);
        assertThat(service().get("/actuator/health/readiness").status()).isEqualTo(200);
    }

    @Test
    void tellsWhichGridANetworkBelongsTo() throws IOException {
        NetworkFixture fixture = NetworkFixture.named("openstl-layernorm");
        NumpyFile input = fixture.array("input");
        NumpyFile wider = NumpyFile.of(new float[input.size(1) * 64 * 64], input.size(1), 64, 64);

        Answer refused =
                service().forecast("units=model&model=openstl-layernorm", Body.npy(wider.bytes()));
        JsonNode described = service().get("/models/openstl-layernorm").json();

        String only = input.size(3) + "x" + input.size(4);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("has weights for one grid, " + only);
        assertThat(described.get("onlyGrid").asString()).isEqualTo(only);
    }

    private ServiceClient service() {
        return new ServiceClient(port);
    }

    private static String name(NetworkFixture fixture) {
        return fixture.toString().replace('/', '-');
    }

    private static void folder(NetworkFixture fixture) throws IOException {
        NumpyFile input = fixture.array("input");
        NumpyFile expected = fixture.array("expected");
        Path folder = Files.createDirectories(models.resolve(name(fixture)));
        StringBuilder manifest = new StringBuilder("weights:");
        for (Map.Entry<String, Path> file : fixture.weights().entrySet()) {
            Files.copy(file.getValue(), folder.resolve(file.getValue().getFileName()));
            manifest.append(file.getKey().isEmpty() ? " " : "\n  " + file.getKey() + ": ")
                    .append(file.getValue().getFileName());
        }
        manifest.append('\n');
        if (!fixture.choices().isEmpty()) {
            manifest.append("network:\n");
            fixture.choices()
                    .forEach((name, value) ->
                            manifest.append("  %s: \"%s\"\n".formatted(name, value)));
        }
        manifest.append(
                """
                frames: {input: %d, output: %d}
                interval: PT5M
                grid: {minimum: 1}
                scaling: {kind: linear-rain, divisor: 1}
                missing: {fill: dry, mask-channel: false}
                warm-up: [%dx%d]
                """
                        .formatted(input.size(1), expected.size(1), input.size(3), input.size(4)));
        Files.writeString(folder.resolve("model.yaml"), manifest);
    }

    private static void ofManySteps(String name) throws IOException {
        Path few = models.resolve("tutorial-convgru-1x1");
        Path folder = Files.createDirectories(models.resolve(name));
        Files.copy(few.resolve("weights.pth"), folder.resolve("weights.pth"));
        String manifest = Files.readString(few.resolve("model.yaml"));
        Files.writeString(
                folder.resolve("model.yaml"),
                manifest.replaceFirst("output: \\d+", "$0, maximum: 400"));
    }

    /** A copy of a sound model with its tensors changed. */
    private static void spoiled(String name, Consumer<Map<String, WeightTensor>> change)
            throws IOException {
        NetworkFixture sound = NetworkFixture.named("per-gate-convlstm-no-peepholes");
        Map<String, WeightTensor> tensors =
                new LinkedHashMap<>(CheckpointReader.read(sound.weights()).tensors());
        change.accept(tensors);
        Path folder = bad(name, "weights.safetensors");
        SafetensorsFile.write(folder.resolve("weights.safetensors"), tensors);
    }

    private static void hostile(String name, byte[] file) throws IOException {
        Files.write(bad(name, "weights.pth").resolve("weights.pth"), file);
    }

    private static Path bad(String name, String weights) throws IOException {
        Path folder = Files.createDirectories(models.resolve(name));
        Files.writeString(
                folder.resolve("model.yaml"),
                """
                weights: %s
                network: {forecast: closed-loop}
                frames: {input: 3, output: 3}
                interval: PT5M
                scaling: {kind: linear-rain, divisor: 1}
                missing: {fill: dry, mask-channel: false}
                """
                        .formatted(weights));
        return folder;
    }

    private static void rename(Map<String, WeightTensor> tensors, String from, String to) {
        tensors.put(to, Objects.requireNonNull(tensors.remove(from)));
    }

    private static void renameAll(Map<String, WeightTensor> tensors, String from, String to) {
        for (String key : List.copyOf(tensors.keySet())) {
            rename(tensors, key, key.replace(from, to));
        }
    }

    /** A ZIP as {@code torch.save} writes it, around a pickle of protocol 2. */
    private static byte[] archive(String pickle) {
        byte[] content = ("\u0080\u0002" + pickle).getBytes(StandardCharsets.ISO_8859_1);
        return ZipFile.stored(Map.of("archive/data.pkl", content));
    }
}
