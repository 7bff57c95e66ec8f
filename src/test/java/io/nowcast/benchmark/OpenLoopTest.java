package io.nowcast.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nowcast.codec.FrameFormat;
import io.nowcast.frames.RainUnit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** On a time that only moves when somebody waits or a server works. */
class OpenLoopTest {

    private static final PlannedRequest REQUEST =
            new PlannedRequest(
                    "nothing", FrameFormat.NPY, RainUnit.MILLIMETRES_PER_HOUR, 1, new byte[0]);

    /** Histograms keep three significant digits. */
    private static final double PRECISION = 1e-3;

    private final FakeTime time = new FakeTime();
    private final LoadLedger ledger = new LoadLedger();

    @Test
    void waitOfOverdueRequestsIsPartOfTheirLatency() throws InterruptedException {
        // 200 requests, one every 10 ms, each takes 1 ms, but the eleventh stalls for a second and
        // holds up the sending: the next ones wait for 991, 982, ... ms until all is caught up.
        OpenLoop loop = new OpenLoop(time, new StallingServer(), 1000);

        loop.run(Arrivals.constant(100), Duration.ofSeconds(2), () -> REQUEST, ledger);
        loop.awaitAnswers();

        assertThat(ledger.count(Outcome.ANSWERED)).isEqualTo(200);
        assertThat(ledger.fromIntended(Outcome.ANSWERED, 100)).isCloseTo(1000, relative(1000));
        assertThat(ledger.fromIntended(Outcome.ANSWERED, 99)).isCloseTo(982, relative(982));
        assertThat(ledger.fromIntended(Outcome.ANSWERED, 50)).isCloseTo(100, relative(100));
        assertThat(ledger.fromIntended(Outcome.ANSWERED, 44)).isCloseTo(1, relative(1));
        // Counted from the sending, all but one look fast.
        assertThat(ledger.fromSent(Outcome.ANSWERED, 99)).isCloseTo(1, relative(1));
        // The 110 that waited were late by 990, 981, ... ms; the 199th of 200 is the second of
        // them.
        assertThat(ledger.sendingDelay(99.5)).isCloseTo(981, relative(981));
    }

    @Test
    void sendingDoesNotWaitForAnswers() throws InterruptedException {
        List<CompletableFuture<Reply>> unanswered = new ArrayList<>();
        OpenLoop loop = new OpenLoop(time, _ -> remember(unanswered), 1000);

        loop.run(Arrivals.constant(100), Duration.ofSeconds(1), () -> REQUEST, ledger);

        assertThat(unanswered).hasSize(100);
        time.pass(Duration.ofSeconds(4));
        unanswered.forEach(answer -> answer.complete(reply(200)));
        loop.awaitAnswers();
        assertThat(ledger.fromIntended(Outcome.ANSWERED, 100)).isCloseTo(5000, relative(5000));
        assertThat(ledger.sendingDelay(100)).isZero();
    }

    @Test
    void unansweredRequestsAreBoundedAndTheRestIsCounted() throws InterruptedException {
        List<CompletableFuture<Reply>> unanswered = new ArrayList<>();
        OpenLoop loop = new OpenLoop(time, _ -> remember(unanswered), 3);

        loop.run(Arrivals.constant(10), Duration.ofSeconds(1), () -> REQUEST, ledger);

        assertThat(unanswered).hasSize(3);
        assertThat(ledger.count(Outcome.NOT_SENT)).isEqualTo(7);
        assertThat(ledger.errors()).isEqualTo(7);
    }

    @Test
    void failedConnectionIsAnOutcome() throws InterruptedException {
        OpenLoop loop =
                new OpenLoop(
                        time,
                        _ -> CompletableFuture.failedFuture(new java.io.IOException("reset")),
                        1);

        loop.run(Arrivals.constant(10), Duration.ofSeconds(1), () -> REQUEST, ledger);

        assertThat(ledger.count(Outcome.BROKEN)).isEqualTo(10);
    }

    private static CompletableFuture<Reply> remember(List<CompletableFuture<Reply>> unanswered) {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        unanswered.add(answer);
        return answer;
    }

    private static Reply reply(int status) {
        return new Reply(status, OptionalLong.empty(), new byte[0]);
    }

    private static org.assertj.core.data.Offset<Double> relative(double value) {
        return within(value * PRECISION);
    }

    /** Answers before it lets go of the sender. */
    private final class StallingServer implements RequestSender {

        private int requests;

        @Override
        public CompletableFuture<Reply> send(PlannedRequest request) {
            time.pass(Duration.ofMillis(requests++ == 10 ? 1000 : 1));
            return CompletableFuture.completedFuture(reply(200));
        }
    }

    private static final class FakeTime implements LoadClock {

        private long now = TimeUnit.DAYS.toNanos(1);

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void await(long nanos) {
            now = Math.max(now, nanos);
        }

        void pass(Duration length) {
            now += length.toNanos();
        }
    }
}
