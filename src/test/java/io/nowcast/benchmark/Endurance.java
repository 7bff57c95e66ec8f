package io.nowcast.benchmark;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Many requests of mixed sizes, kinds and models; memory, threads and file handles of the service
 * must stay where they are.
 */
final class Endurance {

    private static final Duration LONGEST = Duration.ofHours(12);

    private Endurance() {}

    static boolean run(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> defaults =
                Map.ofEntries(
                        Map.entry("grids", "16x16,24x40,32x32,48x48,64x64,96x80"),
                        Map.entry("steps", "1,3,12,6,2"),
                        Map.entry("clients", "4"),
                        Map.entry("requests", "50000"),
                        Map.entry("growth", "30"),
                        Map.entry("direct", "8"),
                        Map.entry("threads", "2"),
                        Map.entry("files", "5"));
        try (LoadSession session = LoadSession.open("endurance", arguments, defaults, true)) {
            Options options = session.options();
            List<PlannedRequest> requests =
                    session.withHeaders(
                            MixedRequests.of(
                                    options.grids(),
                                    session.models(true),
                                    options.integers("steps")));
            Phase load =
                    session.closed(
                            "endurance",
                            options.integer("clients"),
                            LONGEST,
                            options.integer("requests"),
                            requests,
                            _ -> {});
            session.tell(load);
            judge(session, load.ledger());
            return session.finish();
        }
    }

    private static void judge(LoadSession session, LoadLedger ledger) {
        Options options = session.options();
        Verdicts verdicts = session.verdicts();
        verdicts.atLeast(
                "requests answered", ledger.count(Outcome.ANSWERED), options.integer("requests"));
        verdicts.atMost("errors", ledger.errors() + ledger.count(Outcome.TOO_LATE), 0);
        new Trend(session.samples()).judge(verdicts, options);
    }
}
