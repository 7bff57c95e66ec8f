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
 * be over. Overloads take turns with measurements of the capacity, since a shared machine is not as
 * fast from one minute to the next: the median of the rounds is judged.
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
                        Map.entry("warm-rate", "600"),
                        Map.entry("capacity", "20"),
                        Map.entry("steady", "20"),
                        Map.entry("rounds", "3"),
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
        private final Samples shares = new Samples();
        private final Samples sharesOfCoresLeft = new Samples();

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
            warmUp();
            Phase capacity = capacity(0);
            if (capacity.answeredPerSecond(1) == 0) {
                throw new IllegalStateException(
                        "nothing was answered within " + deadline + ": the deadline is too short");
            }
            Phase before = steady("before", capacity, _ -> {});
            session.tell(before);
            double calm = before.ledger().fromIntended(Outcome.ANSWERED, 99);
            double memory = new Trend(session.samples()).most(ProcessSample::resident);
            int rounds = options.integer("rounds");
            for (int round = 1; round < rounds; round++) {
                Phase overload = overload(round, capacity);
                session.awaitAnswers();
                session.tell(overload);
                Phase again = capacity(round);
                judge(overload, capacity, again);
                capacity = again;
            }
            Phase overload = overload(rounds, capacity);
            LongAccumulator lastTrouble = new LongAccumulator(Math::max, overload.end());
            Phase after = steady("after", capacity, trouble(2 * calm, lastTrouble));
            session.awaitAnswers();
            session.tell(overload);
            session.tell(after);
            judge(overload, capacity, capacity(rounds));
            judgeAll();
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

        private Phase capacity(int round) throws InterruptedException {
            Phase capacity =
                    session.closed(
                            "capacity " + round,
                            options.integer("clients"),
                            options.seconds("capacity"),
                            requests);
            session.tell(capacity);
            return capacity;
        }

        private Phase steady(String name, Phase capacity, Consumer<Exchange> observer)
                throws InterruptedException {
            return session.open(
                    name,
                    Arrivals.poisson(STEADY_SHARE * capacity.answeredPerSecond(1), 1),
                    options.seconds("steady"),
                    requests,
                    observer);
        }

        private Phase overload(int round, Phase capacity) throws InterruptedException {
            return session.open(
                    "overload " + round,
                    Arrivals.poisson(
                            options.number("factor") * capacity.answeredPerSecond(1), 1 + round),
                    options.seconds("seconds"),
                    requests,
                    this::watchDeadline);
        }

        /**
         * Until the compilers of both JVMs are done with what an overload asks of them: they take
         * half a core as long as they are not, which is for some 60,000 refusals.
         */
        private void warmUp() throws InterruptedException {
            session.closed(
                    "warm-up", options.integer("clients"), options.seconds("warm-up"), requests);
            session.open(
                    "warm-up for the overload",
                    Arrivals.poisson(options.number("warm-rate"), 1),
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
            String round = overload.name() + ": ";
            verdicts.told(
                    round + "capacity before and after, answers a second",
                    Verdicts.number(before.answeredPerSecond(1))
                            + " "
                            + Verdicts.number(after.answeredPerSecond(1)));
            double capacity = (before.answeredPerSecond(1) + after.answeredPerSecond(1)) / 2;
            double goodput = overload.answeredPerSecond(SETTLING_SECONDS) / capacity;
            double ofCoresLeft =
                    2
                            * answersACore(overload, SETTLING_SECONDS)
                            / (answersACore(before, 1) + answersACore(after, 1));
            verdicts.told(round + "goodput, share of the capacity", goodput);
            verdicts.told(round + "the same, of the cores that the generator leaves", ofCoresLeft);
            shares.add(goodput);
            sharesOfCoresLeft.add(ofCoresLeft);
            verdicts.told(
                    round + "Retry-After in seconds, and how often", ledger.retryAfterSeconds());
            verdicts.atLeast(round + "refusals", ledger.count(Outcome.REFUSED), 1);
            verdicts.atMost(
                    round + "refusal p99 from the moment it was sent",
                    ledger.fromSent(Outcome.REFUSED, 99),
                    options.number("refusal"),
                    "ms");
            verdicts.told(round + "refusal p50, ms", ledger.fromSent(Outcome.REFUSED, 50));
            verdicts.told(round + "refusal p99.9, ms", ledger.fromSent(Outcome.REFUSED, 99.9));
            verdicts.atMost(
                    round + "refusals without Retry-After", ledger.refusedWithoutRetryAfter(), 0);
            verdicts.atMost(
                    round + "longest Retry-After",
                    ledger.retryAfterSeconds().keySet().stream()
                            .mapToDouble(Long::doubleValue)
                            .max()
                            .orElse(0),
                    options.number("retry-after"),
                    "s");
            verdicts.atMost(round + "errors", ledger.errors(), 0);
            verdicts.told(round + "sent late by p99, ms", ledger.sendingDelay(99));
            verdicts.told(round + "generator, cores", overload.generatorCores());
        }

        private void judgeAll() {
            verdicts.told("goodput, share of the capacity, median of rounds", shares.median());
            verdicts.atLeast(
                    "goodput, share of the capacity of the cores that the generator leaves, median of rounds",
                    sharesOfCoresLeft.median(),
                    options.number("goodput"),
                    "");
            verdicts.atMost("accepted and not computed in time (504)", expired.get(), 0);
            verdicts.atMost("accepted and answered after the deadline", late.get(), 0);
        }
    }
}
