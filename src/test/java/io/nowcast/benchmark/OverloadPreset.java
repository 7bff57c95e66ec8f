package io.nowcast.benchmark;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.Consumer;

/**
 * Several times more than a service can do, for a while, and half of it before and after. Excess
 * must be refused at once, what is accepted must be answered in time, and when it is over it must
 * be over.
 */
final class OverloadPreset {

    private static final double STEADY_SHARE = 0.5;
    private static final long SETTLING_SECONDS = 5;

    /**
     * How far the client's clock may be behind the service's, which the deadline is measured by.
     */
    private static final Duration GRACE = Duration.ofMillis(100);

    private OverloadPreset() {}

    static boolean run(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> defaults =
                Map.ofEntries(
                        Map.entry("grids", "64x64"),
                        Map.entry("steps", "12"),
                        Map.entry("clients", "8"),
                        Map.entry("warm-up", "15"),
                        Map.entry("warm-overload", "120"),
                        Map.entry("capacity", "20"),
                        Map.entry("steady", "20"),
                        Map.entry("seconds", "60"),
                        Map.entry("factor", "5"),
                        Map.entry("timeout", "PT5S"),
                        Map.entry("goodput", "0.9"),
                        Map.entry("refusal", "20"),
                        Map.entry("retry-after", "30"),
                        Map.entry("recovery", "2"),
                        Map.entry("growth", "200"));
        try (LoadSession session = LoadSession.open("overload", arguments, defaults, false)) {
            new OverloadRun(session).run();
            return session.finish();
        }
    }

    /** The phases one after another; they share what is seen of late answers and of recovery. */
    private static final class OverloadRun {

        private final LoadSession session;
        private final Options options;
        private final Verdicts verdicts;
        private final List<PlannedRequest> requests;
        private final Duration deadline;
        private final AtomicLong late = new AtomicLong();
        private final AtomicLong expired = new AtomicLong();

        OverloadRun(LoadSession session) {
            this.session = session;
            this.options = session.options();
            this.verdicts = session.verdicts();
            String timeout = options.text("timeout");
            this.deadline = Duration.parse(timeout);
            this.requests =
                    session.withHeaders(
                            MixedRequests.plain(
                                            options.grids(),
                                            session.models(false),
                                            options.integers("steps"))
                                    .stream()
                                    .map(request -> request.within(timeout))
                                    .toList());
        }

        void run() throws InterruptedException {
            int clients = options.integer("clients");
            warmUp(clients);
            Phase alone =
                    session.closed("capacity", clients, options.seconds("capacity"), requests);
            session.tell(alone);
            double capacity = alone.answeredPerSecond(1);
            if (capacity == 0) {
                throw new IllegalStateException(
                        "nothing was answered within " + deadline + ": the deadline is too short");
            }
            Duration steady = options.seconds("steady");
            Phase before =
                    session.open(
                            "before",
                            Arrivals.poisson(STEADY_SHARE * capacity, 1),
                            steady,
                            requests,
                            _ -> {});
            session.tell(before);
            double calm = before.ledger().fromIntended(Outcome.ANSWERED, 99);
            double memory = new Trend(session.samples()).most(ProcessSample::resident);
            Phase overload =
                    session.open(
                            "overload",
                            Arrivals.poisson(options.number("factor") * capacity, 2),
                            options.seconds("seconds"),
                            requests,
                            this::watchDeadline);
            LongAccumulator lastTrouble = new LongAccumulator(Math::max, overload.end());
            Phase after =
                    session.open(
                            "after",
                            Arrivals.poisson(STEADY_SHARE * capacity, 3),
                            steady,
                            requests,
                            trouble(2 * calm, lastTrouble));
            session.awaitAnswers();
            session.tell(overload);
            session.tell(after);
            Phase again =
                    session.closed(
                            "capacity again", clients, options.seconds("capacity"), requests);
            session.tell(again);
            judge(overload, alone, again);
            verdicts.atMost(
                    "until a request is answered as before the overload",
                    (lastTrouble.get() - overload.end()) / 1e9,
                    options.number("recovery"),
                    "s");
            double growth = new Trend(session.samples()).most(ProcessSample::resident) - memory;
            if (!Double.isNaN(growth)) {
                verdicts.atMost(
                        "growth of resident memory", growth, options.number("growth"), "MB");
            }
        }

        /**
         * Until the compilers of both JVMs are done with what an overload asks of them: they take
         * half a core as long as they are not.
         */
        private void warmUp(int clients) throws InterruptedException {
            Phase usual = session.closed("warm-up", clients, options.seconds("warm-up"), requests);
            session.open(
                    "warm-up for the overload",
                    Arrivals.poisson(options.number("factor") * usual.answeredPerSecond(1), 4),
                    options.seconds("warm-overload"),
                    requests,
                    _ -> {});
            session.awaitAnswers();
        }

        private void watchDeadline(Exchange exchange) {
            switch (exchange.outcome()) {
                case ANSWERED -> {
                    if (exchange.finished() - exchange.sent() > deadline.plus(GRACE).toNanos()) {
                        late.incrementAndGet();
                    }
                }
                case TOO_LATE -> expired.incrementAndGet();
                case REFUSED, OTHER, BROKEN, NOT_SENT -> {}
            }
        }

        /** The last intended time of a request that was not answered, or far slower than before. */
        private static Consumer<Exchange> trouble(double slow, LongAccumulator last) {
            return exchange -> {
                if (exchange.outcome() != Outcome.ANSWERED
                        || exchange.millisecondsFromIntended() > slow) {
                    last.accumulate(exchange.intended());
                }
            };
        }

        /** Answers a second for each core that the generator leaves. */
        private static double answersACore(Phase phase, long settling) {
            int cores = Runtime.getRuntime().availableProcessors();
            return phase.answeredPerSecond(settling) / (cores - phase.generatorCores());
        }

        private void judge(Phase overload, Phase before, Phase after) {
            LoadLedger ledger = overload.ledger();
            verdicts.told(
                    "capacity before and after, answers a second",
                    Verdicts.number(before.answeredPerSecond(1))
                            + " "
                            + Verdicts.number(after.answeredPerSecond(1)));
            // The speed of a shared machine drifts: the mean of before and after is nearest to what
            // it was between.
            double capacity = (before.answeredPerSecond(1) + after.answeredPerSecond(1)) / 2;
            verdicts.told(
                    "goodput, share of the capacity",
                    overload.answeredPerSecond(SETTLING_SECONDS) / capacity);
            verdicts.told("Retry-After in seconds, and how often", ledger.retryAfterSeconds());
            verdicts.atLeast(
                    "goodput, share of the capacity of the cores that the generator leaves",
                    2
                            * answersACore(overload, SETTLING_SECONDS)
                            / (answersACore(before, 1) + answersACore(after, 1)),
                    options.number("goodput"),
                    "");
            verdicts.atLeast("refusals", ledger.count(Outcome.REFUSED), 1);
            verdicts.atMost(
                    "refusal p99 from the moment it was sent",
                    ledger.fromSent(Outcome.REFUSED, 99),
                    options.number("refusal"),
                    "ms");
            verdicts.told("refusal p50, ms", ledger.fromSent(Outcome.REFUSED, 50));
            verdicts.told("refusal p99.9, ms", ledger.fromSent(Outcome.REFUSED, 99.9));
            verdicts.atMost("refusals without Retry-After", ledger.refusedWithoutRetryAfter(), 0);
            verdicts.atMost(
                    "longest Retry-After",
                    ledger.retryAfterSeconds().keySet().stream()
                            .mapToDouble(Long::doubleValue)
                            .max()
                            .orElse(0),
                    options.number("retry-after"),
                    "s");
            verdicts.atMost("accepted and not computed in time (504)", expired.get(), 0);
            verdicts.atMost("accepted and answered after the deadline", late.get(), 0);
            verdicts.atMost("errors", ledger.errors(), 0);
            verdicts.told("sent late by p99, ms", ledger.sendingDelay(99));
            verdicts.told("generator, cores", overload.generatorCores());
        }
    }
}
