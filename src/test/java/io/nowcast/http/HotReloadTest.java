package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Changes of a model of the started service on request, under load and with broken folders. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "nowcast.devices=cpu",
            "nowcast.cpu.workers=2",
            "nowcast.models.bundled=false",
            "nowcast.models.default-model=changing",
            "nowcast.security.open-admin=true",
            // It warns of the first only.
            "logging.level.io.micrometer.core.instrument.MeterRegistry=debug"
        })
@ExtendWith(OutputCaptureExtension.class)
@Timeout(180)
class HotReloadTest {

    private static final Body FRAMES = EncodedEvent.sample().npy("u8");
    private static final float OLD = 1;
    private static final float NEW = 0.5f;

    @TempDir private static Path models;
    @TempDir private static Path snapshots;

    @LocalServerPort private int port;

    @DynamicPropertySource
    static void models(DynamicPropertyRegistry registry) {
        model().write(OLD);
        new ChangingModel(models.resolve("other")).write(OLD);
        registry.add("nowcast.models.directory", models::toString);
        registry.add("nowcast.models.snapshots", snapshots::toString);
    }

    private static ChangingModel model() {
        return new ChangingModel(models.resolve("changing"));
    }

    /** Each test begins with the old weights served and lying there. */
    @BeforeEach
    void serveTheOldWeights() {
        restore();
        assertThat(change("reload").status()).isEqualTo(200);
    }

    private static void restore() {
        try (Stream<Path> files = Files.list(model().folder())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        } catch (IOException problem) {
            throw new AssertionError(problem);
        }
        model().write(OLD);
    }

    @Test
    void changesWhatIsServedWithoutAFailedRequestUnderLoad() throws Exception {
        String oldDigest = described().get("digest").asString();
        Map<String, byte[]> references = new ConcurrentHashMap<>();
        references.put(oldDigest, ask().body());
        model().writeWeights(NEW);
        JsonNode changed = change("reload").json();
        String newDigest = changed.get("digest").asString();
        references.put(newDigest, ask().body());
        assertThat(newDigest).isNotEqualTo(oldDigest);
        assertThat(references.get(newDigest)).isNotEqualTo(references.get(oldDigest));
        assertThat(changed.get("previousDigest").asString()).isEqualTo(oldDigest);
        assertThat(changed.get("seconds").asDouble()).isPositive();

        AtomicBoolean over = new AtomicBoolean();
        List<Answer> answers = new CopyOnWriteArrayList<>();
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < 4; client++) {
            clients.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                while (!over.get()) {
                                    answers.add(ask());
                                }
                            }));
        }
        int generation = changed.get("generation").asInt();
        for (int round = 0; round < 6; round++) {
            model().writeWeights(round % 2 == 0 ? OLD : NEW);
            String expected = round % 2 == 0 ? oldDigest : newDigest;
            JsonNode next = change("reload").json();
            generation++;
            assertThat(next.get("generation").asInt()).isEqualTo(generation);
            // A request that comes after the answer to the change is the new generation's.
            assertThat(ask().header("Nowcast-Model-Digest")).isEqualTo(expected);
        }
        over.set(true);
        for (Thread client : clients) {
            client.join();
        }

        assertThat(answers).hasSizeGreaterThan(12);
        assertThat(answers)
                .allSatisfy(answer -> {
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.body())
                            .isEqualTo(references.get(answer.header("Nowcast-Model-Digest")));
                });
        assertThat(answers)
                .extracting(answer -> answer.header("Nowcast-Model-Digest"))
                .contains(oldDigest, newDigest);
        JsonNode described = described();
        assertThat(described.get("generation").asInt()).isEqualTo(generation);
        assertThat(described.get("lastChange").get("state").asString()).isEqualTo("served");
        awaitCopies(2);
        assertThat(meter("nowcast_model_generation", "model=\"changing\"")).isEqualTo(generation);
        assertThat(meter("nowcast_model_info", "digest=\"" + newDigest + "\"")).isEqualTo(1);
        assertThat(service().get("/actuator/prometheus").text())
                .doesNotContain("digest=\"" + oldDigest + "\",model=\"changing\"");
        // What is served, what was before it, and the model beside it.
        assertThat(snapshots()).isEqualTo(3);
    }

    @Test
    void answersARequestWhoseBodyIsStillComingByTheGenerationThatLetItIn() throws Exception {
        Answer before = ask();
        byte[] body = FRAMES.bytes();
        try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = slow.getOutputStream();
            out.write(
                    ("POST /forecast HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-npy\r\nContent-Length: "
                                    + body.length
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            out.write(body, 0, body.length / 2);
            awaitMeter("nowcast_queue_requests", 1);
            model().writeWeights(NEW);
            assertThat(change("reload").status()).isEqualTo(200);
            assertThat(ask().body()).isNotEqualTo(before.body());
            // The old copies wait for this one.
            assertThat(meter("nowcast_model_copies", "model=\"changing\"")).isEqualTo(4);

            out.write(body, body.length / 2, body.length - body.length / 2);
            byte[] answer = slow.getInputStream().readAllBytes();

            assertThat(new String(answer, StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 200")
                    .contains("Nowcast-Model-Digest: " + before.header("Nowcast-Model-Digest"));
            assertThat(
                            Arrays.copyOfRange(
                                    answer, answer.length - before.body().length, answer.length))
                    .isEqualTo(before.body());
        }
        awaitCopies(2);
    }

    /** What may be wrong with a folder. */
    enum Breakage {
        MANIFEST("model.yaml, line 1", "weihgts: weights.safetensors"),
        SCALING("needs 'maximum'", ChangingModel.MANIFEST.replace("maximum: 60, ", "")),
        NO_MANIFEST("there is no model.yaml", ""),
        NO_WEIGHTS("which are not in the folder", ChangingModel.MANIFEST),
        TRUNCATED_WEIGHTS("weights.safetensors: ", ChangingModel.MANIFEST),
        OTHER_NETWORK("no known layout has these keys", ChangingModel.MANIFEST),
        WRONG_CHANNELS(
                "reads 2 channels",
                ChangingModel.MANIFEST.replace("mask-channel: true", "mask-channel: false")),
        NOT_A_NUMBER("the model answers dry frames with NaN", ChangingModel.MANIFEST),
        TOO_INACCURATE(
                "precision",
                ChangingModel.MANIFEST + "precision: {format: bf16, tolerance: 1e-9}\n"),
        UNREADABLE("cannot be copied", ChangingModel.MANIFEST);

        private final String reason;
        private final String manifest;

        Breakage(String reason, String manifest) {
            this.reason = reason;
            this.manifest = manifest;
        }

        void apply(ChangingModel model) throws IOException {
            Path manifestFile = model.folder().resolve("model.yaml");
            Path weights = model.folder().resolve("weights.safetensors");
            model.writeWeights(NEW);
            Files.writeString(manifestFile, manifest);
            switch (this) {
                case MANIFEST, SCALING, WRONG_CHANNELS, TOO_INACCURATE -> {}
                case NO_MANIFEST -> Files.delete(manifestFile);
                case NO_WEIGHTS -> Files.delete(weights);
                case TRUNCATED_WEIGHTS ->
                        Files.write(
                                weights,
                                Arrays.copyOf(
                                        Files.readAllBytes(weights),
                                        (int) Files.size(weights) - 4));
                case OTHER_NETWORK -> {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    bytes.write(Files.readAllBytes(weights));
                    Files.writeString(
                            weights,
                            bytes.toString(StandardCharsets.ISO_8859_1)
                                    .replace("encoder", "enc0der"),
                            StandardCharsets.ISO_8859_1);
                }
                case NOT_A_NUMBER -> model.writeWeights(Float.NaN);
                case UNREADABLE -> {
                    // Reading this one fails for whoever tries, root too.
                    Files.delete(weights);
                    Files.createSymbolicLink(weights, Path.of("/proc/self/mem"));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Breakage.class)
    void refusesABrokenFolderWithItsReasonAndGoesOn(Breakage breakage) throws IOException {
        Answer before = ask();
        JsonNode served = described();
        breakage.apply(model());

        Answer refused = change("reload");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.json().get("detail").asString()).contains(breakage.reason);
        JsonNode described = described();
        assertThat(described.get("digest")).isEqualTo(served.get("digest"));
        assertThat(described.get("generation")).isEqualTo(served.get("generation"));
        assertThat(described.get("lastChange").get("state").asString()).isEqualTo("refused");
        assertThat(described.get("lastChange").get("reason").asString()).contains(breakage.reason);
        assertThat(ask().body()).isEqualTo(before.body());
        assertThat(service().get("/actuator/health/readiness").status()).isEqualTo(200);
        awaitCopies(2);
        assertThat(snapshots()).isEqualTo(3);
    }

    @Test
    void goesBackToTheGenerationBeforeWhateverHasBecomeOfItsFiles() throws IOException {
        Answer old = ask();
        model().writeWeights(NEW);
        change("reload");
        Answer changed = ask();
        Files.delete(model().folder().resolve("model.yaml"));

        JsonNode back = change("rollback").json();
        Answer afterOne = ask();
        change("rollback");
        Answer afterTwo = ask();

        assertThat(back.get("digest").asString()).isEqualTo(old.header("Nowcast-Model-Digest"));
        assertThat(back.get("previousDigest").asString())
                .isEqualTo(changed.header("Nowcast-Model-Digest"));
        assertThat(afterOne.body()).isEqualTo(old.body());
        assertThat(afterTwo.body()).isEqualTo(changed.body());
        assertThat(described().get("lastChange").get("kind").asString()).isEqualTo("rollback");
    }

    @Test
    void saysWhenThereIsNothingToGoBackToAndWhichModelIsNotKnown() {
        Answer nothing = service().post("/admin/models/other/rollback", FRAMES);
        Answer unknown = service().post("/admin/models/nowhere/rollback", FRAMES);
        Answer noFolder = service().post("/admin/models/nowhere/reload", FRAMES);

        assertThat(nothing.status()).isEqualTo(409);
        assertThat(nothing.json().get("detail").asString()).contains("'other'");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(noFolder.status()).isEqualTo(404);
        assertThat(service().get("/models").json().get("broken").isEmpty()).isTrue();
        assertThat(service().get("/models/other").json().get("lastChange").isNull()).isTrue();
        assertThat(service().get("/admin/models/other/reload").status()).isEqualTo(405);
    }

    @Test
    void servesAFolderThatIsNew() throws IOException {
        Path folder = models.resolve("fresh");
        Files.createDirectory(folder);
        assertThat(service().post("/admin/models/fresh/reload", FRAMES).status()).isEqualTo(422);
        assertThat(service().get("/models").json().get("broken").get("fresh").asString())
                .contains("model.yaml");
        assertThat(service().get("/actuator/prometheus").text())
                .contains("nowcast_models_broken 1");
        new ChangingModel(folder).write(NEW);

        JsonNode first = service().post("/admin/models/fresh/reload", FRAMES).json();

        assertThat(first.get("generation").asInt()).isEqualTo(1);
        assertThat(first.get("previousDigest").isNull()).isTrue();
        assertThat(service().get("/models").json().get("broken").isEmpty()).isTrue();
        assertThat(service().forecast("model=fresh", FRAMES).status()).isEqualTo(200);
        assertThat(meter("nowcast_worker_serving", "model=\"fresh\"")).isEqualTo(1);
    }

    @Test
    void bindsItsMetersOnce(CapturedOutput output) {
        assertThat(change("reload").status()).isEqualTo(200);

        assertThat(output).contains("changing").doesNotContain("already registered");
    }

    private ServiceClient service() {
        return new ServiceClient(port);
    }

    private Answer ask() {
        return service().forecast("", FRAMES);
    }

    private Answer change(String kind) {
        return service().post("/admin/models/changing/" + kind, FRAMES);
    }

    private JsonNode described() {
        return service().get("/models/changing").json();
    }

    private static long snapshots() throws IOException {
        try (Stream<Path> roots = Files.list(snapshots)) {
            Path root = roots.toList().getFirst();
            try (Stream<Path> copies = Files.list(root)) {
                return copies.filter(Files::isDirectory)
                        .filter(copy -> !copy.getFileName().toString().startsWith("fresh"))
                        .count();
            }
        }
    }

    /**
     * Until only the copies of one generation are left; the test's time limit ends what never is.
     */
    private void awaitCopies(int number) {
        awaitMeter("nowcast_model_copies", number);
    }

    private void awaitMeter(String name, double value) {
        while (meter(name, "model=\"changing\"") != value) {
            Thread.onSpinWait();
        }
    }

    private double meter(String name, String tag) {
        Matcher line =
                Pattern.compile(
                                "^" + name + "\\{[^}]*" + Pattern.quote(tag) + "[^}]*} (\\S+)$",
                                Pattern.MULTILINE)
                        .matcher(service().get("/actuator/prometheus").text());
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }
}
