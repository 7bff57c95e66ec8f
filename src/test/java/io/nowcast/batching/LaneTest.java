package io.nowcast.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LaneTest {

    /** Long enough for a thread that does not wait to have come. */
    private static final int MOMENT = 50;

    private final BatchQueue queue =
            new BatchQueue(
                    "rain",
                    new QueueLimits(8, 1, 1000, Duration.ZERO, Duration.ofSeconds(1)),
                    new MemoryBudget(1000),
                    PredictionListener.NONE,
                    () -> 0);
    private final Lane lane = new Lane(queue);

    @BeforeEach
    void serve() {
        queue.copyServes();
    }

    @Test
    void leavesALoneRequestToTheFirstIdleCopy() throws Exception {
        lane.returns(0);
        submit();
        CompletableFuture<Boolean> second = awaited(lane, 1);

        assertThat(comes(second)).isFalse();
        assertThat(lane.awaitWork(0, () -> false)).isTrue();
        assertThat(lane.take()).hasSize(1);
        submit();
        assertThat(second.get()).isTrue();
    }

    @Test
    void givesTheNextCopyWhatTheFirstWillNotTake() throws InterruptedException {
        lane.returns(0);
        submit();
        submit();

        assertThat(lane.awaitWork(1, () -> false)).isTrue();
    }

    @Test
    void countsOnACopyUntilItTakesOrLeavesWhatItWaitedFor() throws Exception {
        submit();
        assertThat(lane.awaitWork(0, () -> false)).isTrue();
        CompletableFuture<Boolean> second = awaited(lane, 1);

        assertThat(comes(second)).isFalse();
        lane.leave();
        assertThat(second.get()).isTrue();
    }

    @Test
    void doesNotCountOnACopyThatEnds() throws Exception {
        lane.returns(0);
        submit();
        CompletableFuture<Boolean> second = awaited(lane, 1);

        assertThat(comes(second)).isFalse();
        lane.ends(0);
        assertThat(second.get()).isTrue();
    }

    @Test
    void doesNotCountOnACopyThatRetires() throws Exception {
        lane.returns(0);
        submit();
        CompletableFuture<Boolean> second = awaited(lane, 1);

        assertThat(comes(second)).isFalse();
        assertThat(lane.awaitWork(0, () -> true)).isFalse();
        assertThat(second.get()).isTrue();
    }

    /** Each device computes by itself: the faster one takes it. */
    @Test
    void wakesTheCopiesOfEveryDevice() throws InterruptedException {
        submit();

        assertThat(lane.awaitWork(0, () -> false)).isTrue();
        assertThat(new Lane(queue).awaitWork(0, () -> false)).isTrue();
    }

    private void submit() {
        ModelFrames frames = new ModelFrames(1, 1, new GridShape(1, 1), new float[1]);
        queue.reserve(new Requester("client " + queue.requests(), 3, Duration.ofHours(1)), 1)
                .submit(List.of(new Reservation.Work(frames, 1, 1)));
    }

    private static CompletableFuture<Boolean> awaited(Lane lane, int copy) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return lane.awaitWork(copy, () -> false);
            } catch (InterruptedException end) {
                throw new IllegalStateException(end);
            }
        });
    }

    private static boolean comes(CompletableFuture<Boolean> worker) throws Exception {
        try {
            worker.get(MOMENT, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        }
    }
}
