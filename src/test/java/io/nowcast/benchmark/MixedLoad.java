package io.nowcast.benchmark;

import io.nowcast.frames.FrameSequence;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Several clients at once ask a running service for mixed forecasts; each answer must be the one
 * that the service gave when it was asked for nothing else. Ends with status 1 on any error, any
 * mismatch, or if the service's resident memory grows by more than a bound after warm-up.
 *
 * <p>Options: {@code --url http://localhost:8080 --clients 8 --seconds 120 --requests 100000
 * --grids 64x64,96x128,128x128,200x150,256x256 --tolerance 1e-6}, and for the memory {@code --pid
 * <of the service> --warm-up 30 --growth 100}, in seconds and megabytes.
 */
public final class MixedLoad {

    private static final int MOST_TRIES = 20;
    private static final long LONGEST_PAUSE_SECONDS = 30;

    private final ForecastClient client;
    private final List<PlannedRequest> requests;
    private final Map<PlannedRequest, FrameSequence> alone = new LinkedHashMap<>();
    private final LoadTally tally = new LoadTally();

    private final double tolerance;

    private MixedLoad(ForecastClient client, List<PlannedRequest> requests, double tolerance) {
        this.client = client;
        this.requests = requests;
        this.tolerance = tolerance;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options =
                Options.parse(
                        arguments,
                        Map.of(
                                "url", "http://localhost:8080",
                                "grids", "64x64,96x128,128x128,200x150,256x256",
                                "clients", "8",
                                "seconds", "120",
                                "requests", "100000",
                                "tolerance", "1e-6",
                                "pid", "",
                                "warm-up", "30",
                                "growth", "100"));
        try (ForecastClient client = new ForecastClient(URI.create(options.text("url")))) {
            MixedLoad load =
                    new MixedLoad(
                            client,
                            MixedRequests.of(options.grids()),
                            Double.parseDouble(options.text("tolerance")));
            load.computeAlone();
            boolean sound = load.run(options);
            System.out.println(sound ? "passed" : "FAILED");
            System.exit(sound ? 0 : 1);
        }
    }

    /** One request at a time, before any load: what every later answer is compared with. */
    private void computeAlone() throws IOException, InterruptedException {
        for (PlannedRequest request : requests) {
            HttpResponse<byte[]> answer = client.post(request);
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(request + ", alone: status " + answer.statusCode());
            }
            alone.put(request, FrameBodies.decode(answer.body(), request.unit()));
        }
        System.out.printf("%d distinct requests were answered alone%n", requests.size());
    }

    private boolean run(Options options) throws InterruptedException {
        Optional<ProcessWatch> watch =
                Optional.of(options.text("pid"))
                        .filter(pid -> !pid.isEmpty())
                        .map(pid ->
                                new ProcessWatch(
                                        pid, Duration.ofSeconds(options.integer("warm-up"))));
        watch.ifPresent(ProcessWatch::start);
        long started = System.nanoTime();
        long end = started + TimeUnit.SECONDS.toNanos(options.integer("seconds"));
        int clients = options.integer("clients");
        int requestsAClient = Math.ceilDiv(options.integer("requests"), clients);
        List<Thread> threads =
                IntStream.range(0, clients)
                        .mapToObj(seed ->
                                Thread.ofPlatform()
                                        .name("client-" + seed)
                                        .start(() -> ask(new Random(seed), requestsAClient, end)))
                        .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        tally.print((System.nanoTime() - started) / 1e9);
        OptionalLong growth =
                watch.map(ProcessWatch::report).map(OptionalLong::of).orElse(OptionalLong.empty());
        watch.ifPresent(ProcessWatch::close);
        growth.ifPresent(megabytes ->
                System.out.printf(
                        "growth after warm-up: %d MB, allowed are %d MB%n",
                        megabytes, options.integer("growth")));
        return tally.isClean() && growth.orElse(0) <= options.integer("growth");
    }

    private void ask(Random random, int most, long end) {
        try {
            for (int count = 0; count < most && System.nanoTime() < end; count++) {
                ask(requests.get(random.nextInt(requests.size())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(PlannedRequest request) throws InterruptedException {
        try {
            for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
                long started = System.nanoTime();
                HttpResponse<byte[]> answer = client.post(request);
                double milliseconds = (System.nanoTime() - started) / 1e6;
                OptionalLong pause = answer.headers().firstValueAsLong("Retry-After");
                if (answer.statusCode() != 503 || pause.isEmpty()) {
                    tally.answered(milliseconds);
                    check(request, answer);
                    return;
                }
                tally.refused();
                TimeUnit.SECONDS.sleep(Math.min(pause.getAsLong(), LONGEST_PAUSE_SECONDS));
            }
            tally.error(request, "refused " + MOST_TRIES + " times");
        } catch (IOException | RuntimeException problem) {
            tally.error(request, String.valueOf(problem));
        }
    }

    private void check(PlannedRequest request, HttpResponse<byte[]> answer) {
        FrameSequence expected = alone.get(request);
        if (answer.statusCode() != 200 || expected == null) {
            tally.error(request, "status " + answer.statusCode());
            return;
        }
        FrameSequence actual = FrameBodies.decode(answer.body(), request.unit());
        tally.compared(
                request,
                AnswerComparison.difference(expected, actual),
                tolerance + AnswerComparison.step(request.format()));
    }
}
