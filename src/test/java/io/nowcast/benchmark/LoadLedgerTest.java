package io.nowcast.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nowcast.codec.FrameFormat;
import io.nowcast.frames.RainUnit;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadLedgerTest {

    private static final PlannedRequest REQUEST =
            new PlannedRequest(
                    "nothing", FrameFormat.NPY, RainUnit.MILLIMETRES_PER_HOUR, 1, new byte[0]);

    private final LoadLedger ledger = new LoadLedger();

    @Test
    void outcomesHavePercentilesOfTheirOwn() {
        for (int milliseconds = 1; milliseconds <= 1000; milliseconds++) {
            ledger.accept(exchange(200, OptionalLong.empty(), milliseconds));
            ledger.accept(exchange(504, OptionalLong.empty(), 5000));
        }

        // Three significant digits.
        assertThat(ledger.fromSent(Outcome.ANSWERED, 50)).isCloseTo(500, within(0.5));
        assertThat(ledger.fromSent(Outcome.ANSWERED, 90)).isCloseTo(900, within(0.9));
        assertThat(ledger.fromSent(Outcome.ANSWERED, 99)).isCloseTo(990, within(1.0));
        assertThat(ledger.fromSent(Outcome.ANSWERED, 99.9)).isCloseTo(999, within(1.0));
        assertThat(ledger.fromSent(Outcome.ANSWERED, 100)).isCloseTo(1000, within(1.0));
        assertThat(ledger.fromSent(Outcome.TOO_LATE, 50)).isCloseTo(5000, within(5.0));
        assertThat(ledger.fromSent(Outcome.REFUSED, 50)).isNaN();
        assertThat(ledger.count(Outcome.TOO_LATE)).isEqualTo(1000);
    }

    @Test
    void refusalsAreToldByWhatTheyAskFor() {
        ledger.accept(exchange(503, OptionalLong.of(1), 1));
        ledger.accept(exchange(503, OptionalLong.of(7), 1));
        ledger.accept(exchange(503, OptionalLong.of(7), 1));
        ledger.accept(exchange(503, OptionalLong.empty(), 1));

        assertThat(ledger.retryAfterSeconds()).isEqualTo(Map.of(1L, 1L, 7L, 2L));
        assertThat(ledger.refusedWithoutRetryAfter()).isEqualTo(1);
        assertThat(ledger.errors()).isZero();
    }

    @Test
    void otherStatusIsAnError() {
        ledger.accept(exchange(500, OptionalLong.empty(), 1));

        assertThat(ledger.errors()).isEqualTo(1);
    }

    @Test
    void answersAreCountedWhereTheyEnd() {
        ledger.accept(exchange(200, OptionalLong.empty(), 10));
        ledger.accept(exchange(200, OptionalLong.empty(), 20));
        ledger.accept(exchange(503, OptionalLong.empty(), 15));

        assertThat(ledger.answeredBetween(0, 20_000_000)).isEqualTo(1);
        assertThat(ledger.answeredBetween(10_000_000, 20_000_001)).isEqualTo(2);
    }

    @Test
    void refusedClientAsksAgain() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        ClosedLoop loop =
                new ClosedLoop(
                        _ ->
                                CompletableFuture.completedFuture(
                                        new Reply(
                                                asked.incrementAndGet() % 2 == 1 ? 503 : 200,
                                                OptionalLong.of(0),
                                                new byte[0])),
                        ledger);

        loop.run(1, Duration.ofMinutes(1), 5, _ -> () -> REQUEST);

        assertThat(ledger.count(Outcome.ANSWERED)).isEqualTo(5);
        assertThat(ledger.count(Outcome.REFUSED)).isEqualTo(5);
    }

    @Test
    void growthIsSeenAndNoiseIsNot() {
        Trend noisy = trend(IntStream.range(0, 100).mapToDouble(age -> 500 + age % 7));
        Trend growing = trend(IntStream.range(0, 100).mapToDouble(age -> 500 + age));

        assertThat(noisy.growth(ProcessSample::resident)).isCloseTo(0, within(1.0));
        // From the middle of the second fifth to the middle of the last one.
        assertThat(growing.growth(ProcessSample::resident)).isCloseTo(60, within(1e-9));
        assertThat(growing.most(ProcessSample::resident)).isEqualTo(599);
    }

    private static Trend trend(java.util.stream.DoubleStream resident) {
        return new Trend(
                resident.mapToObj(megabytes ->
                                new ProcessSample(0, megabytes, 0, 0, 0, 0, 0, 0, 0, 0))
                        .toList());
    }

    @Test
    void unknownFigureFailsItsBound() {
        Verdicts verdicts = new Verdicts();
        verdicts.atMost("nothing measured", Double.NaN, 1, "");

        assertThat(verdicts.passed()).isFalse();
    }

    private static Exchange exchange(int status, OptionalLong retryAfter, int milliseconds) {
        return Exchange.of(
                REQUEST,
                0,
                0,
                milliseconds * 1_000_000L,
                new Reply(status, retryAfter, new byte[0]),
                null);
    }
}
