package io.nowcast.benchmark;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How much slower than the median the slowest percent is at a share of the capacity. Judged with
 * requests at equal gaps ({@code --arrivals constant}): with independent clients ({@code poisson})
 * requests meet by chance and wait for each other on any server, so their figure is told beside
 * what a perfect server would have had.
 */
final class SteadyLatency {

    private static final Duration WINDOW = Duration.ofSeconds(5);

    private SteadyLatency() {}

    static boolean run(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> defaults =
                Map.of(
                        "grids", "64x64",
                        "steps", "12",
                        "clients", "8",
                        "warm-up", "20",
                        "capacity", "20",
                        "seconds", "60",
                        "share", "0.7",
                        "arrivals", "constant",
                        "ratio", "2");
        try (LoadSession session = LoadSession.open("latency-70", arguments, defaults, false)) {
            Options options = session.options();
            List<PlannedRequest> requests =
                    session.withHeaders(
                            MixedRequests.plain(
                                    options.grids(),
                                    session.models(false),
                                    options.integers("steps")));
            int clients = options.integer("clients");
            session.closed("warm-up", clients, options.seconds("warm-up"), requests);
            Phase full = session.closed("capacity", clients, options.seconds("capacity"), requests);
            session.tell(full);
            double capacity = full.answeredPerSecond(1);
            session.verdicts().told("capacity, answers a second", capacity);
            for (String kind : List.of("constant", "poisson")) {
                measure(session, kind, capacity, requests);
            }
            Phase again =
                    session.closed(
                            "capacity again", clients, options.seconds("capacity"), requests);
            session.tell(again);
            session.verdicts()
                    .told("capacity afterwards, answers a second", again.answeredPerSecond(1));
            return session.finish();
        }
    }

    private static void measure(
            LoadSession session, String kind, double capacity, List<PlannedRequest> requests)
            throws InterruptedException {
        Options options = session.options();
        Verdicts verdicts = session.verdicts();
        double rate = options.number("share") * capacity;
        Duration length = options.seconds("seconds");
        LatencyWindows windows = new LatencyWindows(WINDOW);
        Phase phase = session.open(kind, Arrivals.of(kind, rate), length, requests, windows);
        session.awaitAnswers();
        session.tell(phase);
        LoadLedger ledger = phase.ledger();
        double ratio =
                ledger.fromIntended(Outcome.ANSWERED, 99)
                        / ledger.fromIntended(Outcome.ANSWERED, 50);
        if (kind.equals(options.text("arrivals"))) {
            verdicts.atMost(kind + ": p99 / p50", ratio, options.number("ratio"), "");
            verdicts.atMost(
                    kind + ": requests without an answer",
                    ledger.count() - ledger.count(Outcome.ANSWERED),
                    0);
        } else {
            verdicts.told(kind + ": p99 / p50", ratio);
        }
        verdicts.told(
                "%s: p99 / p50 in windows of %d s: median, least, most"
                        .formatted(kind, WINDOW.toSeconds()),
                "%.2f %.2f %.2f"
                        .formatted(
                                windows.ratios().median(),
                                windows.ratios().quantile(0),
                                windows.ratios().quantile(1)));
        verdicts.told(
                kind + ": p99 / p50 of a server that takes the same time for each",
                SteadyServer.ratio(Arrivals.of(kind, rate), length, 1 / capacity));
    }
}
