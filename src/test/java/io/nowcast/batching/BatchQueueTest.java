package io.nowcast.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BatchQueueTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final GridShape SMALL = new GridShape(4, 4);
    private static final GridShape LARGE = new GridShape(8, 8);

    private final BatchQueue queue = new BatchQueue(new BatchLimits(3, 1 << 20, 2, 1 << 20));

    @Test
    void handsOutTheOldestFirstAndInBatchesOfOneShape() throws InterruptedException {
        PendingPrediction first = submit(queue, SMALL);
        PendingPrediction other = submit(queue, LARGE);
        PendingPrediction third = submit(queue, SMALL);

        assertThat(queue.nextBatch()).containsExactly(first, third);
        assertThat(queue.nextBatch()).containsExactly(other);
        assertThat(queue.depth()).isZero();
        assertThat(queue.bytes()).isZero();
        assertThat(queue.running()).isEqualTo(3);
    }

    @Test
    void keepsABatchBelowItsMemory() throws InterruptedException {
        BatchQueue tight =
                new BatchQueue(new BatchLimits(9, 1 << 20, 9, 2 * frames(SMALL).bytes()));
        IntStream.range(0, 3).forEach(_ -> submit(tight, SMALL));

        assertThat(tight.nextBatch()).hasSize(2);
        assertThat(tight.nextBatch()).hasSize(1);
    }

    @Test
    void takesALargeRequestAloneHoweverSmallTheBatchMemory() throws InterruptedException {
        BatchQueue tight = new BatchQueue(new BatchLimits(9, 1 << 20, 9, 1));
        submit(tight, LARGE);

        assertThat(tight.nextBatch()).hasSize(1);
    }

    @Test
    void refusesMoreThanItsCountAndTellsWhenToComeBack() {
        IntStream.range(0, 3).forEach(_ -> submit(queue, SMALL));

        assertThatThrownBy(() -> submit(queue, SMALL))
                .isInstanceOfSatisfying(
                        PredictionException.QueueFull.class,
                        // Three wait, and before any call was timed one is taken for half a second.
                        full -> assertThat(full.retryAfter()).isEqualTo(Duration.ofMillis(1500)))
                .hasMessageContaining("3 predictions of 3");
    }

    @Test
    void refusesMoreThanItsBytes() {
        BatchQueue small = new BatchQueue(new BatchLimits(9, frames(SMALL).bytes(), 9, 1 << 20));
        submit(small, SMALL);

        assertThatThrownBy(() -> submit(small, SMALL))
                .isInstanceOf(PredictionException.QueueFull.class);
        assertThatThrownBy(() -> submit(small, LARGE))
                .isInstanceOf(PredictionException.QueueFull.class);
    }

    @Test
    void retryAfterFollowsWhatCallsTake() throws InterruptedException {
        for (int call = 0; call < 60; call++) {
            submit(queue, SMALL);
            queue.served(queue.nextBatch().size(), Duration.ofSeconds(4));
        }
        IntStream.range(0, 3).forEach(_ -> submit(queue, SMALL));

        assertThatThrownBy(() -> submit(queue, SMALL))
                .isInstanceOfSatisfying(
                        PredictionException.QueueFull.class,
                        full ->
                                assertThat(full.retryAfter())
                                        .isBetween(Duration.ofSeconds(11), Duration.ofSeconds(12)));
    }

    @Test
    void makesRoomByDroppingWhatNobodyWaitsFor() throws InterruptedException {
        List<PendingPrediction> waiting =
                IntStream.range(0, 3).mapToObj(_ -> submit(queue, SMALL)).toList();
        waiting.get(1).abandon();

        PendingPrediction late = submit(queue, SMALL);

        assertThat(queue.nextBatch()).containsExactly(waiting.get(0), waiting.get(2));
        assertThat(queue.nextBatch()).containsExactly(late);
    }

    @Test
    void failsWhatIsTooLateInsteadOfHandingItOut() throws InterruptedException {
        PendingPrediction late = new PendingPrediction(frames(SMALL), 1, Duration.ZERO);
        queue.submit(late);
        PendingPrediction inTime = submit(queue, SMALL);

        assertThat(queue.nextBatch()).containsExactly(inTime);
        assertThatThrownBy(late::await).isInstanceOf(PredictionException.DeadlinePassed.class);
    }

    @Test
    void givesOutWhatItAcceptedAfterClosingAndNothingMore() throws InterruptedException {
        PendingPrediction accepted = submit(queue, SMALL);
        queue.close();

        assertThatThrownBy(() -> submit(queue, SMALL))
                .isInstanceOf(PredictionException.QueueClosed.class);
        assertThat(queue.nextBatch()).containsExactly(accepted);
        assertThat(queue.nextBatch()).isEmpty();
    }

    @Test
    void failsWhatIsDiscarded() {
        PendingPrediction accepted = submit(queue, SMALL);
        queue.close();
        queue.discard();

        assertThatThrownBy(accepted::await).isInstanceOf(PredictionException.QueueClosed.class);
    }

    @Test
    void completesEveryAcceptedPredictionExactlyOnceUnderContention() throws InterruptedException {
        int requesters = 8;
        int each = 200;
        BatchQueue busy = new BatchQueue(new BatchLimits(5, 1 << 20, 3, 1 << 20));
        Queue<PendingPrediction> handedOut = new ConcurrentLinkedQueue<>();
        Queue<PendingPrediction> accepted = new ConcurrentLinkedQueue<>();
        CountDownLatch requested = new CountDownLatch(requesters);
        List<Thread> workers =
                IntStream.range(0, 2)
                        .mapToObj(_ -> Thread.ofPlatform().start(() -> drain(busy, handedOut)))
                        .toList();
        for (int requester = 0; requester < requesters; requester++) {
            Thread.ofVirtual()
                    .start(() -> {
                        for (int index = 0; index < each; index++) {
                            accepted.addAll(trySubmit(busy, index % 3 == 0 ? LARGE : SMALL));
                        }
                        requested.countDown();
                    });
        }
        assertThat(requested.await(20, TimeUnit.SECONDS)).isTrue();
        busy.close();
        for (Thread worker : workers) {
            worker.join();
        }

        assertThat(accepted).isNotEmpty();
        assertThat(handedOut).containsExactlyInAnyOrderElementsOf(accepted);
        assertThat(busy.bytes()).isZero();
        assertThat(busy.running()).isZero();
    }

    private static void drain(BatchQueue queue, Queue<PendingPrediction> handedOut) {
        try {
            List<PendingPrediction> batch = queue.nextBatch();
            while (!batch.isEmpty()) {
                handedOut.addAll(batch);
                queue.served(batch.size(), Duration.ofNanos(1));
                batch = queue.nextBatch();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<PendingPrediction> trySubmit(BatchQueue queue, GridShape grid) {
        try {
            return List.of(submit(queue, grid));
        } catch (PredictionException.QueueFull _) {
            return List.of();
        }
    }

    private static PendingPrediction submit(BatchQueue queue, GridShape grid) {
        PendingPrediction prediction = new PendingPrediction(frames(grid), 1, LONG);
        queue.submit(prediction);
        return prediction;
    }

    private static ModelFrames frames(GridShape grid) {
        return new ModelFrames(1, 1, grid, new float[(int) grid.pixels()]);
    }
}
