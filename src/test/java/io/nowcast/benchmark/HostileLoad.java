package io.nowcast.benchmark;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Half of the clients ask for forecasts, the other half send what no service may accept. Every
 * forecast must be the one that was given alone, every hostile request must be told what is wrong
 * with it, and memory must not grow.
 */
final class HostileLoad {

    private HostileLoad() {}

    /** Every hostile request once. */
    static List<HostileRequest> corpus() {
        Map<String, HostileRequest> distinct = new TreeMap<>();
        Stream.of(
                        HostileArrays.all(),
                        HostileArchives.all(),
                        HostileFiles.all(),
                        HostileMessages.all(),
                        HostileInference.all())
                .flatMap(List::stream)
                .forEach(request -> distinct.putIfAbsent(request.fingerprint(), request));
        return List.copyOf(distinct.values());
    }

    static boolean run(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> defaults =
                Map.of(
                        "grids", "64x64,96x128",
                        "steps", "12,3,6",
                        "clients", "16",
                        "seconds", "120",
                        "warm-up", "20",
                        "in-time", "10000",
                        "growth", "50",
                        "direct", "16",
                        "threads", "5",
                        "files", "20");
        try (LoadSession session = LoadSession.open("hostile", arguments, defaults, true)) {
            Options options = session.options();
            List<PlannedRequest> good =
                    MixedRequests.of(
                            options.grids(), session.models(true), options.integers("steps"));
            AnswerCheck check = new AnswerCheck(0);
            for (PlannedRequest request : good) {
                Reply answer = session.client().post(request);
                if (answer.status() != 200) {
                    throw new IllegalStateException(request + ": status " + answer.status());
                }
                check.expect(request, answer.body());
            }
            List<HostileRequest> corpus = corpus();
            int half = options.integer("clients") / 2;
            session.closed("warm-up", half, options.seconds("warm-up"), good);
            try (HostileClients hostile = new HostileClients(session.client().service(), corpus)) {
                int before = session.samples().size();
                long end = System.nanoTime() + options.seconds("seconds").toNanos();
                List<Thread> clients = start(hostile, half, end);
                Phase load =
                        session.closed(
                                "hostile",
                                half,
                                options.seconds("seconds"),
                                Long.MAX_VALUE,
                                good,
                                check);
                for (Thread client : clients) {
                    client.join();
                }
                session.tell(load);
                judge(session, load.ledger(), check, hostile, corpus.size(), before);
            }
            return session.finish();
        }
    }

    private static List<Thread> start(HostileClients hostile, int count, long end) {
        return IntStream.range(0, count)
                .mapToObj(number ->
                        Thread.ofPlatform()
                                .name("hostile-" + number)
                                .start(() -> {
                                    try {
                                        hostile.sendUntil(end);
                                    } catch (InterruptedException _) {
                                        Thread.currentThread().interrupt();
                                    }
                                }))
                .toList();
    }

    private static void judge(
            LoadSession session,
            LoadLedger good,
            AnswerCheck check,
            HostileClients hostile,
            int distinct,
            int samplesBefore) {
        Verdicts verdicts = session.verdicts();
        Options options = session.options();
        verdicts.atLeast("distinct hostile requests", distinct, 2000);
        verdicts.atLeast("hostile requests sent", hostile.sent(), distinct);
        verdicts.told("hostile requests put off with 503", hostile.refused());
        hostile.outcomes().forEach((kind, statuses) -> verdicts.told(kind, statuses));
        verdicts.told("refusal of a hostile request, p50 ms", hostile.milliseconds().median());
        verdicts.told("p99 ms", hostile.milliseconds().quantile(0.99));
        verdicts.told("longest ms", hostile.milliseconds().quantile(1));
        verdicts.atMost("hostile requests without the refusal they must get", hostile.wrong(), 0);
        verdicts.atLeast("forecasts compared", check.compared(), 1);
        verdicts.atMost("forecasts unlike the one alone", check.compared() - check.identical(), 0);
        verdicts.atMost(
                "forecasts failed or too late", good.errors() + good.count(Outcome.TOO_LATE), 0);
        verdicts.atMost(
                "slowest forecast",
                good.fromSent(Outcome.ANSWERED, 100),
                options.number("in-time"),
                "ms");
        List<ProcessSample> samples = session.samples();
        Trend trend =
                new Trend(samples.subList(Math.min(samplesBefore, samples.size()), samples.size()));
        if (trend.known()) {
            trend.judge(verdicts, options);
        }
    }
}
