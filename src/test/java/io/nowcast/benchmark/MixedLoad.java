package io.nowcast.benchmark;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Many clients at once ask for mixed forecasts; each answer must be the one that the service gave
 * when it was asked for nothing else, nothing may fail, and memory must not grow.
 */
final class MixedLoad {

    private MixedLoad() {}

    static boolean run(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> defaults =
                Map.of(
                        "grids", "64x64,96x128,128x128",
                        "steps", "12,3,24,6",
                        "clients", "16",
                        "seconds", "300",
                        "warm-up", "30",
                        "requests", "1000000",
                        "tolerance", "1e-6",
                        "ratio", "2",
                        "growth", "50");
        try (LoadSession session = LoadSession.open("mixed", arguments, defaults, true)) {
            Options options = session.options();
            List<PlannedRequest> requests =
                    session.withHeaders(
                            MixedRequests.of(
                                    options.grids(),
                                    session.models(true),
                                    options.integers("steps")));
            AnswerCheck check = alone(session.client(), requests, options.number("tolerance"));
            int clients = options.integer("clients");
            session.closed("warm-up", clients, options.seconds("warm-up"), requests);
            Map<String, LoadLedger> kinds = new ConcurrentHashMap<>();
            int samplesBefore = session.samples().size();
            Phase load =
                    session.closed(
                            "mixed",
                            clients,
                            options.seconds("seconds"),
                            options.integer("requests"),
                            requests,
                            check.andThen(byKind(kinds)));
            session.tell(load);
            judge(session, load, check);
            judgeKinds(session, kinds);
            judgeMemory(session, samplesBefore);
            return session.finish();
        }
    }

    /** One request at a time, before any load: what every later answer is compared with. */
    private static AnswerCheck alone(
            ForecastClient client, List<PlannedRequest> requests, double tolerance)
            throws IOException {
        AnswerCheck check = new AnswerCheck(tolerance);
        for (PlannedRequest request : requests) {
            Reply answer = client.post(request);
            if (answer.status() != 200) {
                throw new IllegalStateException(request + ", alone: status " + answer.status());
            }
            check.expect(request, answer.body());
        }
        System.out.printf("%d distinct requests were answered alone%n", requests.size());
        return check;
    }

    private static Consumer<Exchange> byKind(Map<String, LoadLedger> kinds) {
        return exchange ->
                kinds.computeIfAbsent(exchange.request().kind(), _ -> new LoadLedger())
                        .accept(exchange);
    }

    private static void judge(LoadSession session, Phase load, AnswerCheck check) {
        Verdicts verdicts = session.verdicts();
        LoadLedger ledger = load.ledger();
        verdicts.told("answers that are the same to the last bit", check.identical());
        verdicts.told("largest difference of pixels, share of the range", check.largestInPixels());
        verdicts.told("refusals with Retry-After", ledger.count(Outcome.REFUSED));
        verdicts.atLeast("answers compared", check.compared(), 1);
        verdicts.atMost("errors", ledger.errors() + ledger.count(Outcome.TOO_LATE), 0);
        verdicts.atMost("refusals without Retry-After", ledger.refusedWithoutRetryAfter(), 0);
        verdicts.atMost("answers unlike the one given alone", check.mismatches(), 0);
        verdicts.atMost(
                "largest difference of floats",
                check.largest(),
                session.options().number("tolerance"),
                "of the range");
        verdicts.told("p99 / p50 of all requests, whatever their size", ratio(ledger));
    }

    private static double ratio(LoadLedger ledger) {
        return ledger.fromSent(Outcome.ANSWERED, 99) / ledger.fromSent(Outcome.ANSWERED, 50);
    }

    /**
     * A large forecast takes many times longer than a small one: only like is held against like.
     */
    private static void judgeKinds(LoadSession session, Map<String, LoadLedger> kinds) {
        Samples ratios = new Samples();
        Map<String, String> latencies = new TreeMap<>();
        kinds.forEach((kind, ledger) -> {
            ratios.add(ratio(ledger));
            latencies.put(
                    kind,
                    Verdicts.number(ledger.fromSent(Outcome.ANSWERED, 50))
                            + " / "
                            + Verdicts.number(ledger.fromSent(Outcome.ANSWERED, 99)));
        });
        latencies.forEach((kind, both) -> session.verdicts().told(kind + ", p50 / p99 ms", both));
        session.verdicts().told("p99 / p50 of the worst kind", ratios.quantile(1));
        session.verdicts()
                .atMost(
                        "p99 / p50 among equal requests, median of kinds",
                        ratios.median(),
                        session.options().number("ratio"),
                        "");
    }

    private static void judgeMemory(LoadSession session, int samplesBefore) {
        List<ProcessSample> samples = session.samples();
        Trend trend =
                new Trend(samples.subList(Math.min(samplesBefore, samples.size()), samples.size()));
        if (trend.known()) {
            trend.tell(session.verdicts());
            session.verdicts()
                    .atMost(
                            "growth of resident memory",
                            trend.growth(ProcessSample::resident),
                            session.options().number("growth"),
                            "MB");
        }
    }
}
