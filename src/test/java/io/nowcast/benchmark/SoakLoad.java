package io.nowcast.benchmark;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An open loop at a share of the capacity for a long time, with faults of the clients and of the
 * process in it. What was asked well must be answered, or refused with a time to come back.
 */
final class SoakLoad {

    private SoakLoad() {}

    static boolean run(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> defaults =
                Map.ofEntries(
                        Map.entry("grids", "48x64,64x64,96x128"),
                        Map.entry("steps", "12,3,6"),
                        Map.entry("clients", "8"),
                        Map.entry("warm-up", "30"),
                        Map.entry("capacity", "30"),
                        Map.entry("share", "0.7"),
                        Map.entry("seconds", "3600"),
                        Map.entry("fault-gap", "2"),
                        Map.entry("properties", "--nowcast.security.open-admin=true"),
                        Map.entry("growth", "60"),
                        Map.entry("direct", "16"),
                        Map.entry("threads", "5"),
                        Map.entry("files", "20"),
                        // The process is paused for longer than a probe waits.
                        Map.entry("liveness", "Infinity"));
        try (LoadSession session = LoadSession.open("soak", arguments, defaults, true)) {
            Options options = session.options();
            List<PlannedRequest> good =
                    MixedRequests.of(
                            options.grids(), session.models(true), options.integers("steps"));
            int clients = options.integer("clients");
            session.closed("warm-up", clients, options.seconds("warm-up"), good);
            Phase full = session.closed("capacity", clients, options.seconds("capacity"), good);
            session.tell(full);
            double capacity = full.answeredPerSecond(1);
            session.verdicts().told("capacity, answers a second", capacity);
            int before = session.samples().size();
            AtomicLong unexplained = new AtomicLong();
            SoakFaults faults = new SoakFaults(session, good, capacity);
            Phase soak;
            try (faults) {
                Thread maker = Thread.ofPlatform().name("faults").start(faults);
                soak =
                        session.open(
                                "soak",
                                Arrivals.poisson(options.number("share") * capacity, 1),
                                options.seconds("seconds"),
                                good,
                                exchange -> {
                                    if (exchange.outcome() != Outcome.ANSWERED
                                            && !faults.isDisturbed()) {
                                        unexplained.incrementAndGet();
                                    }
                                });
                maker.interrupt();
                maker.join();
                session.awaitAnswers();
            }
            session.tell(soak);
            faults.tell(session.verdicts());
            session.verdicts().told("not answered outside bursts and pauses", unexplained.get());
            judge(session, soak.ledger(), before);
            return session.finish();
        }
    }

    private static void judge(LoadSession session, LoadLedger ledger, int before) {
        Options options = session.options();
        Verdicts verdicts = session.verdicts();
        List<ProcessSample> samples = session.samples();
        verdicts.told("refusals with Retry-After", ledger.count(Outcome.REFUSED));
        verdicts.atLeast("requests answered", ledger.count(Outcome.ANSWERED), 1);
        verdicts.atMost("failures", ledger.errors() + ledger.count(Outcome.TOO_LATE), 0);
        verdicts.atMost("refusals without Retry-After", ledger.refusedWithoutRetryAfter(), 0);
        new Trend(samples.subList(Math.min(before, samples.size()), samples.size()))
                .judge(verdicts, options);
    }
}
