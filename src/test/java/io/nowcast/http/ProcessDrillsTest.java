package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final Pattern ENCODE = Pattern.compile("encode;dur=([0-9.]+)");

    @TempDir private Path directory;

    private DrilledProcess start(String heap, String... properties) throws IOException {
        return DrilledProcess.start(directory, List.of(heap), List.of(properties));
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

    /** Directories with copies of models. */
    private List<Path> copies() throws IOException {
        try (Stream<Path> found = Files.list(directory)) {
            return found.filter(
                            path -> path.getFileName().toString().startsWith(".nowcast-snapshots-"))
                    .toList();
        }
    }

    /** By what Linux says of each thread, {@code proc_pid_stat(5)}: nice is its 19th field. */
    @Test
    void hasTheOptimisingCompilerGiveWayToTheQuickOneAndAllOthers() throws IOException {
        List<String> options = List.of("-Xmx256m", "-XX:TieredStopAtLevel=4");
        Map<String, String> nice = new TreeMap<>();
        try (DrilledProcess service = DrilledProcess.start(directory, options, List.of());
                Stream<Path> threads = Files.list(Path.of("/proc/" + service.pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                int name = stat.indexOf('(') + 1;
                String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                nice.put(stat.substring(name, name + 2), afterName[16]);
            }
        }
        int others = Integer.parseInt(nice.getOrDefault("C1", ""));
        assertThat(nice).containsEntry("C2", Integer.toString(Math.min(others + 10, 19)));
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
        List<Path> left = copies();
        assertThat(left).hasSize(1);
        try (DrilledProcess service = start("-Xmx256m", properties)) {
            assertThat(service.client().forecast("steps=1&model=changing", FRAMES).status())
                    .isEqualTo(200);
            assertThat(copies()).hasSize(1).doesNotContainAnyElementsOf(left);
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

    /**
     * 32 clients with 10 to 30 MB each, against 192 MB of heap: bodies that are none, frames that
     * are too large as float32, and frames that are not, whose forecast is.
     */
    @Test
    void refusesWhatTheHeapCannotHoldAndLosesNothing() throws IOException {
        List<Body> bodies =
                List.of(Body.npy(new byte[30_000_000]), Body.npy(frames(20)), Body.npy(frames(10)));
        try (DrilledProcess service = start("-Xmx192m");
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            ServiceClient client = service.client();
            List<CompletableFuture<Answer>> answers =
                    IntStream.range(0, 32)
                            .mapToObj(number ->
                                    CompletableFuture.supplyAsync(
                                            () ->
                                                    client.forecast(
                                                            "steps=1",
                                                            bodies.get(number % bodies.size())),
                                            clients))
                            .toList();

            assertThat(answers)
                    .extracting(answer -> answer.join().status())
                    .allMatch(status ->
                            status == 200 || status == 400 || status == 413 || status == 503);
            assertThat(client.forecast("steps=1", bodies.get(1)).text())
                    .contains("80000000 bytes as float32, the limit is ");
            assertThat(client.forecast("steps=1", FRAMES).status()).isEqualTo(200);
            assertThat(service.log()).doesNotContain("OutOfMemoryError");
        }
    }

    /**
     * With the system properties that an image gives its virtual machine, and one thread to carry
     * all virtual ones: a request that held it while its forecast is computed would hold up every
     * other.
     */
    @Test
    void answersOthersWhileARequestWaitsForItsForecast() throws IOException {
        List<String> options = new ArrayList<>(properties(Path.of("docker/java.arguments")));
        options.add("-Xmx256m");
        options.add("-Djdk.virtualThreadScheduler.parallelism=1");
        options.add("-Djdk.virtualThreadScheduler.maxPoolSize=1");
        try (DrilledProcess service = DrilledProcess.start(directory, options, List.of());
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            ServiceClient client = service.client();
            Future<Answer> waiting =
                    clients.submit(
                            () -> client.forecast("steps=" + DrilledService.ENDLESS_STEPS, FRAMES));
            while (!service.log().contains(DrilledService.WITHOUT_END)) {
                client.get("/actuator/health/liveness");
            }

            assertThat(client.get("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(waiting).isNotDone();
            service.kill();
        }
    }

    /**
     * On one processor: what computes must be taken off it now and then. The yardstick is how long
     * an answer is encoded, during which nothing else would be answered.
     */
    @Test
    void answersOthersWhileARequestComputes() throws IOException {
        List<String> options = List.of("-Xmx1g", "-XX:ActiveProcessorCount=1");
        try (DrilledProcess service = DrilledProcess.start(directory, options, List.of());
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            ServiceClient client = service.client();
            Future<Answer> computing =
                    clients.submit(
                            () -> client.forecast("steps=24&format=png", Body.npy(frames(5))));
            Duration longest = Duration.ZERO;
            while (!computing.isDone()) {
                Instant asked = Instant.now();
                assertThat(client.get("/actuator/health/liveness").status()).isEqualTo(200);
                Duration waited = Duration.between(asked, Instant.now());
                longest = waited.compareTo(longest) > 0 ? waited : longest;
            }

            Answer answer = computing.resultNow();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(longest).isLessThan(encoding(answer).dividedBy(2));
        }
    }

    private static Duration encoding(Answer answer) {
        Matcher encode = ENCODE.matcher(answer.header("Server-Timing"));
        assertThat(encode.find()).as(answer.header("Server-Timing")).isTrue();
        return Duration.ofNanos((long) (1e6 * Double.parseDouble(encode.group(1))));
    }

    /** Those that name no file of the image, nor beans that only its build prepares. */
    private static List<String> properties(Path arguments) throws IOException {
        try (Stream<String> lines = Files.lines(arguments)) {
            return lines.filter(line -> line.startsWith("-D"))
                    .filter(line -> !line.contains("/") && !line.contains("spring.aot"))
                    .toList();
        }
    }

    /** Frames of 1000x1000 dry pixels, as NumPy writes them (format 1.0). */
    private static byte[] frames(int count) {
        String header =
                "{'descr': '|u1', 'fortran_order': False, 'shape': (%d, 1000, 1000), }"
                        .formatted(count);
        byte[] file = new byte[128 + count * 1_000_000];
        byte[] start =
                ("\u0093NUMPY\u0001\0v\0" + header + " ".repeat(117 - header.length()) + "\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(start, 0, file, 0, start.length);
        return file;
    }
}
