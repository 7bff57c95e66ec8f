package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Faults that a process does not survive, or that must not end it, in a process of its own. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class ProcessDrillsTest {

    private static final Body FRAMES = EncodedEvent.sample().npy("u8");

    /** SIGABRT, by which the virtual machine ends after a fault in native code; SIGKILL. */
    private static final int ABORTED = 128 + 6;

    private static final int KILLED = 128 + 9;

    @TempDir private Path directory;

    private DrilledProcess start(String heap, String... properties) throws IOException {
        return DrilledProcess.start(directory, heap, List.of(properties));
    }

    /** Of the files of the models; what else lies there is the process's own. */
    private Map<String, byte[]> modelFiles() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(directory.resolve("models"))) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(directory.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    @Test
    void diesOfAFaultInNativeCodeAndOfAKillAndServesWhenStartedAgain() throws IOException {
        new ChangingModel(directory.resolve("models/changing")).write(1);
        Map<String, byte[]> before = modelFiles();
        String[] properties = {
            "--nowcast.models.directory=" + directory.resolve("models"),
            "--nowcast.models.watch=true",
            "--nowcast.models.snapshots=" + directory
        };

        try (DrilledProcess service = start("-Xmx256m", properties)) {
            assertThat(service.client().forecast("steps=1", FRAMES).status()).isEqualTo(200);
            assertThatThrownBy(() ->
                            service.client()
                                    .forecast("steps=" + DrilledService.DEADLY_STEPS, FRAMES))
                    .isInstanceOf(UncheckedIOException.class);
            assertThat(service.awaitEnd()).isEqualTo(ABORTED);
            assertThat(Files.readString(directory.resolve("hs_err.log")))
                    .contains("SIGSEGV", "libc.so");
        }
        try (DrilledProcess service = start("-Xmx256m", properties)) {
            assertThat(service.client().forecast("steps=1&model=changing", FRAMES).status())
                    .isEqualTo(200);
            service.kill();
            assertThat(service.awaitEnd()).isEqualTo(KILLED);
        }
        try (DrilledProcess service = start("-Xmx256m", properties)) {
            assertThat(service.client().forecast("steps=1&model=changing", FRAMES).status())
                    .isEqualTo(200);
        }
        assertThat(modelFiles()).containsExactlyEntriesOf(before);
    }

    /** No file can be written any more, as on a disk that is full: a limit of no bytes a file. */
    @Test
    void goesOnServingWhenNothingCanBeWritten() throws IOException {
        ChangingModel model = new ChangingModel(directory.resolve("models/changing"));
        model.write(1);
        try (DrilledProcess service =
                start(
                        "-Xmx256m",
                        "--nowcast.models.directory=" + directory.resolve("models"),
                        "--nowcast.security.open-admin=true")) {
            service.forbidWriting();
            ServiceClient client = service.client();
            assertThat(client.forecast("steps=1", FRAMES).status()).isEqualTo(200);
            assertThat(client.forecast("", EncodedEvent.sample().multipart("png8")).status())
                    .isEqualTo(200);
            assertThat(client.get("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(200);

            model.write(0.5f);
            Answer reload = client.post("/admin/models/changing/reload", Body.npy(new byte[0]));

            assertThat(reload.status()).as(reload.text()).isEqualTo(422);
            assertThat(reload.text()).contains("cannot be copied");
            assertThat(client.forecast("steps=1&model=changing", FRAMES).status()).isEqualTo(200);
        }
    }

    /** 32 clients with 30 MB each, against 192 MB of heap. */
    @Test
    void refusesWhatTheHeapCannotHoldAndLosesNothing() throws IOException {
        byte[] large = new byte[30_000_000];
        try (DrilledProcess service = start("-Xmx192m");
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            ServiceClient client = service.client();
            List<CompletableFuture<Answer>> answers =
                    IntStream.range(0, 32)
                            .mapToObj(_ ->
                                    CompletableFuture.supplyAsync(
                                            () -> client.forecast("", Body.npy(large)), clients))
                            .toList();

            assertThat(answers)
                    .extracting(answer -> answer.join().status())
                    .allMatch(status -> status == 400 || status == 413 || status == 503);
            assertThat(client.forecast("steps=1", FRAMES).status()).isEqualTo(200);
            assertThat(service.log()).doesNotContain("OutOfMemoryError");
        }
    }
}
