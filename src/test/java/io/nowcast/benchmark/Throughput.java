package io.nowcast.benchmark;

import io.nowcast.NowcastApplication;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Answers a second to several clients against the rate of the bare model on the same cores. Service
 * and clients share this process; blocks of bare calls and blocks of requests alternate, so that
 * both meet the same machine. The bare rate counts the model calls' own time only.
 */
final class Throughput {

    private final BareCall bare;
    private final ForecastClient client;
    private final Options options;
    private final Verdicts verdicts = new Verdicts();

    private Throughput(BareCall bare, ForecastClient client, Options options) {
        this.bare = bare;
        this.client = client;
        this.options = options;
    }

    static boolean run(String[] arguments) throws IOException, InterruptedException {
        Options options =
                Options.parse(
                        arguments,
                        Map.of(
                                "grids", "64x64",
                                "steps", "12",
                                "clients", "8",
                                "block", "6",
                                "rounds", "12",
                                "warm-up", "20",
                                "share", "0.95",
                                "properties", "",
                                "out", "target/load/throughput-8"));
        try (ConfigurableApplicationContext service = service(options);
                ForecastClient client = new ForecastClient(address(service))) {
            Throughput throughput = new Throughput(BareCall.in(service), client, options);
            for (GridShape grid : options.grids()) {
                throughput.measure(grid);
            }
            throughput.verdicts.kept("options", options.all());
            throughput.verdicts.write(Path.of(options.text("out") + ".json"), "throughput-8");
            return throughput.verdicts.passed();
        }
    }

    /** The application in this process, on a free port. */
    private static ConfigurableApplicationContext service(Options options) {
        List<String> properties =
                new ArrayList<>(
                        List.of(
                                "--server.port=0",
                                "--server.address=127.0.0.1",
                                "--logging.level.root=warn",
                                "--spring.main.banner-mode=off"));
        properties.addAll(ServiceProcess.words(options.text("properties")));
        return SpringApplication.run(NowcastApplication.class, properties.toArray(String[]::new));
    }

    private static URI address(ConfigurableApplicationContext service) {
        return URI.create(
                "http://127.0.0.1:"
                        + service.getEnvironment().getRequiredProperty("local.server.port"));
    }

    private void measure(GridShape grid) throws InterruptedException {
        int steps = options.integer("steps");
        List<PlannedRequest> requests =
                MixedRequests.plain(List.of(grid), List.of(""), List.of(steps));
        ModelFrames input = bare.normalise(bare.frames(grid));
        Duration block = options.seconds("block");
        ask(requests, options.seconds("warm-up").dividedBy(2), new LoadLedger());
        bareRate(input, steps, options.seconds("warm-up").dividedBy(2));
        Samples bareRates = new Samples();
        Samples rates = new Samples();
        Samples ratios = new Samples();
        LoadLedger ledger = new LoadLedger();
        for (int round = 0; round < options.integer("rounds"); round++) {
            // The order changes, so that a trend of the machine favours neither.
            double first = round % 2 == 0 ? bareRate(input, steps, block) : 0;
            double rate = ask(requests, block, ledger);
            double alone = round % 2 == 0 ? first : bareRate(input, steps, block);
            bareRates.add(alone);
            rates.add(rate);
            ratios.add(rate / alone);
            System.out.printf(
                    "%s: bare %.2f a second, %s clients %.2f a second%n",
                    grid, alone, options.text("clients"), rate);
        }
        verdicts.told(grid + ": bare model calls a second, median of blocks", bareRates.median());
        verdicts.told(grid + ": answers a second, median of blocks", rates.median());
        verdicts.told(
                grid + ": lowest and highest ratio",
                Verdicts.number(ratios.quantile(0)) + " " + Verdicts.number(ratios.quantile(1)));
        verdicts.kept(grid + ": outcomes", ledger.figures());
        verdicts.atLeast(
                grid + ": answers a second / bare rate, median of blocks",
                ratios.median(),
                options.number("share"),
                "");
        verdicts.atMost(
                grid + ": requests without an answer",
                ledger.count() - ledger.count(Outcome.ANSWERED),
                0);
    }

    private double ask(List<PlannedRequest> requests, Duration block, LoadLedger ledger)
            throws InterruptedException {
        long before = ledger.count(Outcome.ANSWERED);
        Duration taken =
                new ClosedLoop(client, ledger)
                        .run(
                                options.integer("clients"),
                                block,
                                Long.MAX_VALUE,
                                seed -> LoadSession.atRandom(requests, seed));
        return (ledger.count(Outcome.ANSWERED) - before) / (taken.toNanos() / 1e9);
    }

    private double bareRate(ModelFrames input, int steps, Duration block)
            throws InterruptedException {
        long end = System.nanoTime() + block.toNanos();
        long nanos = 0;
        int calls = 0;
        while (System.nanoTime() < end || calls == 0) {
            nanos += bare.run(input, steps).inference().toNanos();
            calls++;
        }
        return calls / (nanos / 1e9);
    }
}
