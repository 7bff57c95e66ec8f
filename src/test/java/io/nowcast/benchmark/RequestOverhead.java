package io.nowcast.benchmark;

import io.nowcast.NowcastApplication;
import io.nowcast.codec.FrameFormat;
import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.frames.RainUnit;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What a whole {@code POST /forecast} takes over the bare model call. Service and client share this
 * process, and the two calls alternate, so that they meet the same machine. Both model calls are
 * made by the same copy on the thread that owns it, and timed there, from the normalised frames to
 * the forecast as a Java array.
 *
 * <p>Options: {@code --warm-up 2000 --grids 64x64,128x128,512x512 --steps 12 --seconds 20 --pairs
 * 500}: small requests before anything is measured, then grids; seconds and pairs are for each of
 * them and whichever ends first, and a fifth of both is run before without being counted.
 */
public final class RequestOverhead {

    private static final String[] STAGES = {"decode", "queue", "inference", "encode"};
    private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(1);
    private static final int FEWEST_PAIRS = 5;
    private static final GridShape SMALLEST_GRID = new GridShape(16, 16);

    private final ForecastClient client;
    private final BareCall bare;
    private final int steps;

    private RequestOverhead(ForecastClient client, BareCall bare, int steps) {
        this.client = client;
        this.bare = bare;
        this.steps = steps;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options =
                Options.parse(
                        arguments,
                        Map.of(
                                "grids", "64x64,128x128,512x512",
                                "steps", "12",
                                "warm-up", "2000",
                                "seconds", "20",
                                "pairs", "500"));
        try (ConfigurableApplicationContext service =
                        SpringApplication.run(
                                NowcastApplication.class,
                                "--server.port=0",
                                "--server.address=127.0.0.1",
                                "--logging.level.root=warn",
                                "--spring.main.banner-mode=off");
                ForecastClient client = new ForecastClient(address(service))) {
            RequestOverhead overhead =
                    new RequestOverhead(client, BareCall.in(service), options.integer("steps"));
            overhead.warmUp(options.integer("warm-up"));
            for (GridShape grid : options.grids()) {
                Duration time = Duration.ofSeconds(options.integer("seconds"));
                int pairs = options.integer("pairs");
                overhead.measure(grid, time.dividedBy(5), pairs / 5);
                overhead.measure(grid, time, pairs).print(grid, options.integer("steps"));
            }
        }
    }

    private static URI address(ConfigurableApplicationContext service) {
        return URI.create(
                "http://127.0.0.1:"
                        + service.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /** The JVM compiles what a request runs through only after many of them. */
    private void warmUp(int requests) throws IOException {
        PlannedRequest request = request(bare.frames(SMALLEST_GRID), 1);
        long end = System.nanoTime() + LONGEST_WARM_UP.toNanos();
        for (int count = 0; count < requests && System.nanoTime() < end; count++) {
            client.post(request);
        }
    }

    private static PlannedRequest request(FrameSequence frames, int steps) {
        return new PlannedRequest(
                frames.grid().toString(),
                FrameFormat.NPY,
                RainUnit.MILLIMETRES_PER_HOUR,
                steps,
                FrameBodies.npy(frames));
    }

    private Measurement measure(GridShape grid, Duration time, int mostPairs)
            throws IOException, InterruptedException {
        FrameSequence frames = bare.frames(grid);
        PlannedRequest request = request(frames, steps);
        Measurement measurement = new Measurement();
        long end = System.nanoTime() + time.toNanos();
        for (int pair = 0; pair < mostPairs; pair++) {
            if (pair >= FEWEST_PAIRS && System.nanoTime() > end) {
                break;
            }
            double alone = bareCall(frames, measurement);
            long started = System.nanoTime();
            Reply answer = client.post(request);
            double whole = millisecondsSince(started);
            if (answer.status() != 200) {
                throw new IllegalStateException(
                        "the service answers with status " + answer.status());
            }
            measurement.addPair(alone, whole, answer);
        }
        return measurement;
    }

    /** Scaling is timed as well, since no stage of the service's own timing tells it. */
    private double bareCall(FrameSequence frames, Measurement measurement)
            throws InterruptedException {
        long started = System.nanoTime();
        ModelFrames input = bare.normalise(frames);
        measurement.add("normalise, by itself", millisecondsSince(started));
        var outcome = bare.run(input, steps);
        started = System.nanoTime();
        bare.denormalise(outcome.forecast(), steps, frames);
        measurement.add("denormalise, by itself", millisecondsSince(started));
        return outcome.inference().toNanos() / 1e6;
    }

    private static double millisecondsSince(long started) {
        return (System.nanoTime() - started) / 1e6;
    }

    /** The figures of one grid, in milliseconds. */
    private static final class Measurement {

        private final Map<String, Samples> figures = new LinkedHashMap<>();
        private final Samples ratios = new Samples();
        private final Samples differences = new Samples();
        private final Samples besideInference = new Samples();

        void add(String figure, double milliseconds) {
            figures.computeIfAbsent(figure, _ -> new Samples()).add(milliseconds);
        }

        void addPair(double bare, double whole, Reply answer) {
            add("bare model call", bare);
            add("whole request", whole);
            double rest = whole;
            for (String stage : STAGES) {
                double milliseconds = answer.stage(stage);
                add("- " + stage, milliseconds);
                rest -= milliseconds;
            }
            add("- rest (HTTP, scaling)", rest);
            ratios.add(whole / bare);
            differences.add(whole - bare);
            besideInference.add(whole - answer.stage("inference"));
        }

        void print(GridShape grid, int steps) {
            System.out.printf(
                    "%n%s, %d steps, float32 NPY, %d pairs; milliseconds%n%-26s %9s %9s %9s%n",
                    grid, steps, ratios.count(), "", "min", "median", "p95");
            figures.forEach((name, samples) ->
                    System.out.printf(
                            "%-26s %9.3f %9.3f %9.3f%n",
                            name, samples.quantile(0), samples.median(), samples.quantile(0.95)));
            System.out.printf(
                    "whole / bare, median of pairs: %.4f; whole - bare: %.3f ms; whole - its own inference: %.3f ms%n",
                    ratios.median(), differences.median(), besideInference.median());
        }
    }
}
