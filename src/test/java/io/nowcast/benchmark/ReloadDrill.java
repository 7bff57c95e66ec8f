package io.nowcast.benchmark;

import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.network.WeightTensor;
import io.nowcast.testing.SafetensorsFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Changes the weights of a model again and again while clients post without pause and never ask
 * again: the bundled network, with its weights and with the same a little smaller, in turn. Each
 * answer must be, bit for bit, the one that the generation in its headers gives alone. Between two
 * changes the old copies must be gone. Prints a line a change, and last what became of the
 * requests.
 *
 * <p>Options: {@code --jar target/nowcast.jar --reloads 20 --clients 4 --seconds 2 --body
 * frames.npy --broken 0}, the seconds of load between changes, and how many of the changes are to a
 * folder with broken weights, which must be refused.
 */
public final class ReloadDrill {

    private static final String NAME = "drill";
    private static final Path BUNDLED = Path.of("src/main/resources/models/radar-convgru");
    private static final Pattern COPIES =
            Pattern.compile("nowcast_model_copies\\{model=\"drill\"} ([\\d.]+)");

    private final Options options;
    private final Path folder;
    private final byte[] body;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, byte[]> references = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();
    private final Samples latencies = new Samples();
    private final Samples undisturbed = new Samples();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean changing;
    private volatile boolean over;

    private ReloadDrill(Options options, Path models) throws IOException {
        this.options = options;
        this.folder = Files.createDirectories(models.resolve(NAME));
        this.body = Files.readAllBytes(Path.of(options.text("body")));
        String manifest = Files.readString(BUNDLED.resolve("model.yaml"));
        Files.writeString(
                folder.resolve("model.yaml"),
                manifest.replace("weights.pth", "weights.safetensors"));
        writeWeights(1);
    }

    public static void main(String[] arguments) throws Exception {
        Options options =
                Options.parse(
                        arguments,
                        Map.of(
                                "jar", "target/nowcast-0.1.0-SNAPSHOT.jar",
                                "reloads", "20",
                                "clients", "4",
                                "seconds", "2",
                                "broken", "0",
                                "body",
                                        "src/test/resources/radar/fmi_20160928_5x64x64_mmh_f32.npy"));
        Path models = Files.createTempDirectory("nowcast-drill");
        ReloadDrill drill = new ReloadDrill(options, models);
        try (ServiceProcess service =
                        ServiceProcess.start(
                                Path.of(options.text("jar")),
                                0,
                                List.of(
                                        // All of the heap from the start: what grows is native.
                                        "--enable-native-access=ALL-UNNAMED",
                                        "-Xmx512m",
                                        "-Xms512m",
                                        "-XX:+AlwaysPreTouch"),
                                List.of(
                                        "--nowcast.models.directory=" + models,
                                        "--nowcast.models.bundled=false",
                                        "--nowcast.models.default-model=" + NAME,
                                        "--nowcast.security.open-admin=true"),
                                List.of(),
                                Path.of("target", "reload-drill.log"));
                ForecastClient pages = new ForecastClient(service.address())) {
            service.awaitReady(pages);
            drill.run(service, pages);
        }
        System.exit(drill.failures.get() == 0 ? 0 : 1);
    }

    private void run(ServiceProcess service, ForecastClient pages)
            throws IOException, InterruptedException {
        URI address = service.address();
        learn(address, 1);
        learn(address, 0.99f);
        ProcessWatch watch = new ProcessWatch(service.pid(), pages);
        double copies = copies(pages);
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < options.integer("clients"); client++) {
            clients.add(Thread.ofPlatform().start(() -> askOn(address)));
        }
        load();
        print("before", watch.sample(), copies(pages), "");
        int broken = options.integer("broken");
        int changes = options.integer("reloads") + broken;
        for (int change = 1; change <= changes; change++) {
            boolean bad = broken > 0 && change % (changes / broken) == 0;
            writeWeights(bad ? Float.NaN : change % 2 == 0 ? 0.99f : 1);
            changing = true;
            HttpResponse<String> answer = change(address);
            changing = false;
            if (answer.statusCode() != (bad ? 422 : 200)) {
                fail("change answered " + answer.statusCode() + " " + answer.body());
            }
            load();
            awaitCopies(pages, copies);
            print("%d".formatted(change), watch.sample(), copies(pages), shown(answer.body()));
        }
        over = true;
        for (Thread client : clients) {
            client.join();
        }
        TimeUnit.SECONDS.sleep(2);
        print("idle", watch.sample(), copies(pages), "");
        System.out.printf(
                "%d requests, %d failures; %s; latency p50 / p99 / longest %.0f / %.0f / %.0f ms while a change is under way, %.0f / %.0f / %.0f ms between them%n",
                latencies.count() + undisturbed.count(),
                failures.get(),
                new TreeMap<>(outcomes),
                latencies.median(),
                latencies.quantile(0.99),
                latencies.quantile(1),
                undisturbed.median(),
                undisturbed.quantile(0.99),
                undisturbed.quantile(1));
    }

    private void load() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(options.seconds("seconds").toNanos());
    }

    /** What a generation answers alone. */
    private void learn(URI service, float factor) throws IOException, InterruptedException {
        writeWeights(factor);
        HttpResponse<String> changed = change(service);
        HttpResponse<byte[]> answer = http.send(request(service), bytes());
        if (changed.statusCode() != 200 || answer.statusCode() != 200) {
            throw new IOException(
                    "no reference: %d %s".formatted(changed.statusCode(), changed.body()));
        }
        references.put(digest(answer), answer.body());
    }

    private void askOn(URI service) {
        try {
            while (!over) {
                boolean disturbed = changing;
                long start = System.nanoTime();
                count(outcome(service));
                (disturbed || changing ? latencies : undisturbed)
                        .add((System.nanoTime() - start) / 1e6);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private String outcome(URI service) throws InterruptedException {
        try {
            HttpResponse<byte[]> answer = http.send(request(service), bytes());
            if (answer.statusCode() != 200) {
                fail(new String(answer.body(), StandardCharsets.UTF_8));
                return "status " + answer.statusCode();
            }
            String digest = digest(answer);
            if (!Arrays.equals(answer.body(), references.get(digest))) {
                fail("an answer is not that of " + digest);
                return "another answer";
            }
            return "as " + digest.substring(0, 8) + " alone";
        } catch (IOException problem) {
            fail(problem.toString());
            return "broken connection";
        }
    }

    private void fail(String what) {
        failures.incrementAndGet();
        System.out.println("failure: " + what);
    }

    private void count(String outcome) {
        outcomes.computeIfAbsent(outcome, _ -> new AtomicInteger()).incrementAndGet();
    }

    private static HttpResponse.BodyHandler<byte[]> bytes() {
        return HttpResponse.BodyHandlers.ofByteArray();
    }

    private static String digest(HttpResponse<byte[]> answer) {
        return answer.headers().firstValue("Nowcast-Model-Digest").orElse("none");
    }

    private HttpRequest request(URI service) {
        return HttpRequest.newBuilder(service.resolve("/forecast?steps=6&units=dBZ"))
                .timeout(Duration.ofSeconds(90))
                .header("Content-Type", "application/x-npy")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    private HttpResponse<String> change(URI service) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(service.resolve("/admin/models/" + NAME + "/reload"))
                        .timeout(Duration.ofMinutes(3))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** In the place of the file: what was there may still be read. */
    private void writeWeights(float factor) throws IOException {
        Map<String, WeightTensor> tensors = new LinkedHashMap<>();
        CheckpointReader.read(new TreeMap<>(Map.of("", BUNDLED.resolve("weights.pth"))))
                .tensors()
                .forEach((name, tensor) -> tensors.put(name, scaled(tensor, factor)));
        Path draft = folder.resolveSibling("draft");
        SafetensorsFile.write(draft, tensors);
        Files.move(draft, folder.resolve("weights.safetensors"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static WeightTensor scaled(WeightTensor tensor, float factor) {
        float[] values = tensor.values().clone();
        for (int index = 0; index < values.length; index++) {
            values[index] *= factor;
        }
        return new WeightTensor(tensor.shape(), values);
    }

    private static double copies(ForecastClient pages) {
        Matcher line = COPIES.matcher(pages.page("/actuator/prometheus"));
        return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
    }

    private void awaitCopies(ForecastClient pages, double number) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (copies(pages) != number) {
            if (System.nanoTime() > end) {
                fail("copies of an old generation are left");
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static String shown(String json) {
        return json.replaceAll("\"?([0-9a-f]{8})[0-9a-f]{56}\"?", "$1");
    }

    private static void print(String change, ProcessSample sample, double copies, String answer) {
        System.out.printf(
                "%-6s resident %.0f MB, heap %.0f MB, direct %.1f MB, %.0f threads, %.0f files, %.0f copies  %s%n",
                change,
                sample.resident(),
                sample.heap(),
                sample.direct(),
                sample.threads(),
                sample.files(),
                copies,
                answer);
    }
}
