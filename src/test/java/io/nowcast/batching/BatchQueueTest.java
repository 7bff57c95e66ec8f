package io.nowcast.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.batching.PredictionListener.Drop;
import io.nowcast.batching.PredictionListener.Refusal;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BatchQueueTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final GridShape SMALL = new GridShape(4, 4);
    private static final GridShape LARGE = new GridShape(8, 8);
    private static final int USUAL = 3;
    private static final long MEGABYTE = 1 << 20;

    private final AtomicLong clock = new AtomicLong();
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<Drop> drops = new ArrayList<>();
    private final BatchQueue queue = queue(4, 2, MEGABYTE);

    @Test
    void handsOutTheOldestFirstAndInBatchesOfOneShape() {
        PendingPrediction first = submit("a", SMALL);
        PendingPrediction other = submit("b", LARGE);
        PendingPrediction third = submit("c", SMALL);

        assertThat(queue.take()).containsExactly(first, third);
        assertThat(queue.take()).containsExactly(other);
        assertThat(queue.depth()).isZero();
        assertThat(queue.bytes()).isZero();
        assertThat(queue.running()).isEqualTo(3);
    }

    @Test
    void keepsABatchBelowItsMemoryButTakesALargeOneAlone() {
        BatchQueue tight = queue(9, 9, 250);
        for (String client : List.of("a", "b", "c")) {
            submit(tight, client, SMALL, 100);
        }
        submit(tight, "d", LARGE, 1000);

        assertThat(tight.take()).hasSize(2);
        assertThat(tight.take()).hasSize(1);
        assertThat(tight.take()).hasSize(1);
    }

    @Test
    void refusesMoreRequestsThanMayWaitAndTellsWhenToComeBack() {
        for (String client : List.of("a", "b", "c", "d")) {
            submit(client, SMALL);
        }

        assertThatThrownBy(() -> submit("e", SMALL))
                .isInstanceOfSatisfying(
                        PredictionException.Refused.class,
                        // Four wait, and before any call was timed one is taken for half a second.
                        full -> assertThat(full.retryAfter()).isEqualTo(Duration.ofSeconds(2)))
                .hasMessageContaining("4 requests")
                .hasMessageContaining("nowcast.queue.capacity");
        assertThat(refusals).containsExactly(Refusal.QUEUE);
    }

    @Test
    void retryAfterFollowsWhatCallsTake() {
        PendingPrediction done = submit("a", SMALL);
        queue.take();
        queue.served(List.of(done), Duration.ofSeconds(4));
        submit("a", SMALL);
        submit("b", LARGE);

        // LARGE has four times the pixels of SMALL: 4 s and 16 s.
        assertThat(queue.expectedWait()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void refusesAtOnceWhatCannotBeAnsweredInTime() {
        queue.expect(work(SMALL, 0), Duration.ofSeconds(4));
        submit("a", SMALL);

        // Four seconds until it begins and four for itself; as much may come that is not foreseen.
        assertThatThrownBy(() -> queue.reserve(requester("b", Duration.ofSeconds(15)), 0))
                .isInstanceOf(PredictionException.Refused.class)
                .hasMessageContaining("about 8.0 s; twice that")
                .hasMessageContaining("PT15S");
        assertThat(refusals).containsExactly(Refusal.DEADLINE);
        queue.reserve(requester("b", Duration.ofSeconds(17)), 0).close();
    }

    @Test
    void triesARequestThatFindsAnIdleDeviceWhateverCallsTook() {
        queue.expect(work(SMALL, 0), Duration.ofSeconds(4));
        PendingPrediction hasty =
                queue.reserve(requester("a", Duration.ofSeconds(1)), 0)
                        .submit(List.of(work(SMALL, 0)))
                        .getFirst();

        assertThat(queue.take()).containsExactly(hasty);
    }

    @Test
    void computesNothingInVainWhileSomethingElseWaits() {
        queue.expect(work(SMALL, 0), Duration.ofSeconds(4));
        Reservation first = queue.reserve(requester("a", Duration.ofSeconds(60)), 0);
        PendingPrediction hopeless = first.submit(List.of(work(SMALL, 0))).getFirst();
        clock.addAndGet(Duration.ofSeconds(57).toNanos());
        PendingPrediction fresh = submit("b", SMALL);

        assertThat(queue.take()).containsExactly(fresh);
        assertThatThrownBy(() -> hopeless.await(() -> false))
                .isInstanceOf(PredictionException.DeadlinePassed.class);
        assertThat(drops).containsExactly(Drop.DEADLINE);
    }

    @Test
    void leavesAClientThatHoldsNothingRoomBesideOneThatTakesAllItCanGet() {
        BatchQueue shared = queue(64, 1, MEGABYTE);
        int greedy = 0;
        while (accepts(shared, "greedy")) {
            greedy++;
        }
        int second = 0;
        while (accepts(shared, "second")) {
            second++;
        }

        // Half of 64, and then half of what is left: Choudhury and Hahne's threshold.
        assertThat(greedy).isEqualTo(32);
        assertThat(second).isEqualTo(16);
        assertThat(accepts(shared, "third")).isTrue();
    }

    @Test
    void holdsMemoryFromBeforeABodyIsReadUntilItsAnswerIsWritten() {
        MemoryBudget memory = new MemoryBudget(1000);
        BatchQueue bounded = queue(limits(9, 1, MEGABYTE), memory);
        Reservation first = bounded.reserve(requester("a", LONG), 600);

        assertThatThrownBy(() -> bounded.reserve(requester("b", LONG), 500))
                .isInstanceOf(PredictionException.Refused.class)
                .hasMessageContaining("nowcast.queue.memory");
        assertThatThrownBy(() -> bounded.reserve(requester("b", LONG), 1001))
                .isInstanceOf(PredictionException.TooLarge.class);
        Reservation second = bounded.reserve(requester("b", LONG), 300);
        assertThatThrownBy(() -> second.hold(500)).isInstanceOf(PredictionException.Refused.class);
        assertThat(memory.used()).isEqualTo(900);

        first.hold(100);
        second.hold(500);
        assertThat(memory.used()).isEqualTo(600);
        first.close();
        second.close();
        second.close();
        assertThat(memory.used()).isZero();
        assertThat(bounded.requests()).isZero();
    }

    @Test
    void tellsMemoryThatWillNeverBeFreeFromMemoryThatIsNotFreeNow() {
        BatchQueue bounded = queue(limits(9, 1, MEGABYTE), new MemoryBudget(1000));
        Reservation other = bounded.reserve(requester("a", LONG), 600);
        Reservation growing = bounded.reserve(requester("b", LONG), 100);

        // Also when all else is gone it must leave as much as it holds, and so has 900 at most.
        assertThatThrownBy(() -> growing.hold(901))
                .isInstanceOf(PredictionException.TooLarge.class)
                .hasMessageContaining("nowcast.queue.memory");
        assertThatThrownBy(() -> growing.hold(900)).isInstanceOf(PredictionException.Refused.class);
        other.close();
        growing.hold(900);

        growing.close();
    }

    @Test
    void servesClientsInTurnHoweverMuchOneOfThemSent() {
        BatchQueue shared = queue(64, 1, MEGABYTE);
        shared.expect(work(SMALL, 0), Duration.ofSeconds(1));
        List<PendingPrediction> flood =
                IntStream.range(0, 10).mapToObj(_ -> submit(shared, "flood", SMALL, 0)).toList();
        List<PendingPrediction> late =
                IntStream.range(0, 2).mapToObj(_ -> submit(shared, "late", SMALL, 0)).toList();

        assertThat(takeAll(shared))
                .startsWith(flood.get(0), late.get(0), flood.get(1), late.get(1), flood.get(2));
    }

    @Test
    void sharesTimeNotNumbers() {
        BatchQueue shared = queue(64, 1, MEGABYTE);
        shared.expect(work(SMALL, 0), Duration.ofSeconds(1));
        List<PendingPrediction> large =
                IntStream.range(0, 2).mapToObj(_ -> submit(shared, "large", LARGE, 0)).toList();
        List<PendingPrediction> small =
                IntStream.range(0, 5).mapToObj(_ -> submit(shared, "small", SMALL, 0)).toList();

        // A large one takes as long as four small ones.
        assertThat(takeAll(shared))
                .containsExactly(
                        large.get(0),
                        small.get(0),
                        small.get(1),
                        small.get(2),
                        small.get(3),
                        large.get(1),
                        small.get(4));
    }

    @Test
    void servesUrgentOnesFirstAndLetsTheOthersAge() {
        BatchQueue shared = queue(64, 1, MEGABYTE);
        shared.expect(work(SMALL, 0), Duration.ofSeconds(1));
        PendingPrediction background = submit(shared, new Requester("a", 7, LONG), SMALL);
        PendingPrediction urgent = submit(shared, new Requester("b", 0, LONG), SMALL);
        List<PendingPrediction> usual =
                IntStream.range(0, 8).mapToObj(_ -> submit(shared, "c", SMALL, 0)).toList();

        List<PendingPrediction> order = takeAll(shared);

        // A level is worth one second, and so is each prediction: after four of the usual ones
        // (urgency 3) the background one (urgency 7) has waited its time.
        assertThat(order.getFirst()).isSameAs(urgent);
        assertThat(order.indexOf(background)).isEqualTo(5);
        assertThat(order).containsSubsequence(usual);
    }

    @Test
    void dropsWhatTheClientNoLongerWaitsFor() {
        Reservation gone = queue.reserve(requester("a", LONG), 0);
        PendingPrediction dropped = gone.submit(List.of(work(SMALL, 0))).getFirst();
        PendingPrediction kept = submit("b", SMALL);
        gone.close();

        assertThat(queue.depth()).isEqualTo(1);
        assertThat(queue.requests()).isEqualTo(1);
        assertThat(queue.take()).containsExactly(kept);
        assertThat(drops).containsExactly(Drop.ABANDONED);
        assertThatThrownBy(() -> dropped.await(() -> false))
                .isInstanceOf(PredictionException.Abandoned.class);
    }

    @Test
    void tellsAWaitingRequesterThatItsClientHungUp() {
        PendingPrediction waiting = submit("a", SMALL);

        assertThatThrownBy(() -> waiting.await(() -> true))
                .isInstanceOf(PredictionException.Abandoned.class);
    }

    @Test
    void failsWhatIsTooLateInsteadOfHandingItOut() {
        Reservation impatient = queue.reserve(requester("a", Duration.ofSeconds(3)), 0);
        PendingPrediction late = impatient.submit(List.of(work(SMALL, 0))).getFirst();
        PendingPrediction inTime = submit("b", SMALL);
        clock.addAndGet(Duration.ofSeconds(3).toNanos());

        assertThat(queue.take()).containsExactly(inTime);
        assertThatThrownBy(() -> late.await(() -> false))
                .isInstanceOf(PredictionException.DeadlinePassed.class)
                .hasMessage("no answer within PT3S");
        assertThat(drops).containsExactly(Drop.DEADLINE);
    }

    @Test
    void countsTheDeadlineFromTheReservation() {
        Reservation slow = queue.reserve(requester("a", LONG), 0);
        clock.addAndGet(Duration.ofSeconds(2).toNanos());
        slow.shorten(Duration.ofSeconds(2));
        PendingPrediction late = slow.submit(List.of(work(SMALL, 0))).getFirst();

        assertThatThrownBy(() -> late.await(() -> false))
                .isInstanceOf(PredictionException.DeadlinePassed.class);
    }

    @Test
    void leavesALoneRequestToTheWorkerThatCameLast() throws InterruptedException {
        CompletableFuture<Boolean> first = waitingWorker();
        CompletableFuture<Boolean> last = waitingWorker();
        submit("a", SMALL);

        assertThat(last.join()).isTrue();
        assertThat(first).isNotDone();
        submit("b", SMALL);
        assertThat(first.join()).isTrue();
    }

    @Test
    void hasAsManyWorkersComeAsThereAreRequests() throws InterruptedException {
        CompletableFuture<Boolean> first = waitingWorker();
        CompletableFuture<Boolean> last = waitingWorker();
        queue.reserve(requester("a", LONG), 0).submit(List.of(work(SMALL, 0), work(SMALL, 0)));

        assertThat(last.join()).isTrue();
        assertThat(first.join()).isTrue();
    }

    @Test
    void hasAnotherWorkerComeWhereTheLastCannotGoOn() throws InterruptedException {
        CompletableFuture<Boolean> first = waitingWorker();
        CompletableFuture<Boolean> last = waitingWorker();
        submit("a", SMALL);
        assertThat(last.join()).isTrue();

        queue.wake();

        assertThat(first.join()).isTrue();
    }

    @Test
    void countsOnNoWorkerThatRetires() throws InterruptedException {
        CompletableFuture<Boolean> first = waitingWorker();
        AtomicBoolean retires = new AtomicBoolean();
        CompletableFuture<Boolean> last = waitingWorker(retires::get);
        retires.set(true);
        submit("a", SMALL);

        assertThat(last.join()).isFalse();
        assertThat(first.join()).isTrue();
    }

    @Test
    void countsOnNoWorkerThatStopsWithoutHavingTaken() throws InterruptedException {
        CompletableFuture<Boolean> first = waitingWorker();
        CompletableFuture<Boolean> last = waitingWorker();
        submit("a", SMALL);
        assertThat(last.join()).isTrue();

        queue.copyServes();
        queue.copyStopped("interrupted");

        assertThat(first.join()).isTrue();
    }

    private CompletableFuture<Boolean> waitingWorker() throws InterruptedException {
        return waitingWorker(() -> false);
    }

    /** One that waits for work when this returns. */
    private CompletableFuture<Boolean> waitingWorker(BooleanSupplier retired)
            throws InterruptedException {
        CompletableFuture<Boolean> works = new CompletableFuture<>();
        Thread worker =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            try {
                                works.complete(queue.awaitWork(retired));
                            } catch (InterruptedException end) {
                                works.completeExceptionally(end);
                            }
                        });
        while (worker.getState() != Thread.State.WAITING) {
            worker.join(Duration.ofMillis(1));
        }
        return works;
    }

    @Test
    void keepsTheWindowOpenOnlyForRequestsThatAreBeingRead() throws InterruptedException {
        submit("a", SMALL);
        // Nothing else is on its way: the device does not wait.
        assertThat(queue.awaitWork(() -> false)).isTrue();

        Reservation reading = queue.reserve(requester("b", LONG), 0);
        CountDownLatch waits = new CountDownLatch(1);
        Queue<Boolean> came = new ConcurrentLinkedQueue<>();
        Thread worker =
                Thread.ofPlatform()
                        .start(() -> {
                            waits.countDown();
                            came.add(awaitWork(queue));
                        });
        waits.await();
        assertThat(worker.join(Duration.ofMillis(50))).isFalse();
        reading.submit(List.of(work(SMALL, 0)));
        worker.join();

        assertThat(came).containsExactly(true);
        assertThat(queue.take()).hasSize(2);
    }

    @Test
    void closesTheWindowAfterItsTime() throws InterruptedException {
        submit("a", SMALL);
        queue.reserve(requester("b", LONG), 0);
        clock.addAndGet(Duration.ofSeconds(10).toNanos());

        assertThat(queue.awaitWork(() -> false)).isTrue();
    }

    @Test
    void givesOutWhatItAcceptedAfterClosingAndNothingMore() throws InterruptedException {
        PendingPrediction accepted = submit("a", SMALL);
        queue.close();

        assertThatThrownBy(() -> submit("b", SMALL))
                .isInstanceOf(PredictionException.QueueClosed.class);
        assertThat(queue.awaitWork(() -> false)).isTrue();
        assertThat(queue.take()).containsExactly(accepted);
        assertThat(queue.awaitWork(() -> false)).isFalse();
    }

    @Test
    void failsWhatIsDiscarded() {
        PendingPrediction accepted = submit("a", SMALL);
        queue.close();
        queue.discard();

        assertThatThrownBy(() -> accepted.await(() -> false))
                .isInstanceOf(PredictionException.QueueClosed.class);
    }

    @Test
    void failsWhatWaitsWhenTheLastCopyStopsAndAcceptsAgainWhenOneServes() {
        PendingPrediction waiting = submit("a", SMALL);
        queue.copyStopped("the device is on fire");

        assertThatThrownBy(() -> waiting.await(() -> false))
                .isInstanceOf(PredictionException.NoCopy.class)
                .hasMessageContaining("on fire");
        assertThatThrownBy(() -> submit("a", SMALL)).isInstanceOf(PredictionException.NoCopy.class);
        assertThat(refusals).containsExactly(Refusal.NO_COPY);

        queue.copyServes();
        assertThat(queue.take()).isEmpty();
        submit("a", SMALL);
        assertThat(queue.take()).hasSize(1);
    }

    @Test
    void putsBackWhatACopyCouldNotRun() {
        queue.copyServes();
        PendingPrediction first = submit("a", SMALL);
        PendingPrediction second = submit("b", LARGE);
        List<PendingPrediction> taken = queue.take();
        queue.giveBack(taken);
        queue.copyStopped("lost");

        assertThat(queue.running()).isZero();
        assertThat(queue.take()).containsExactly(first);
        assertThat(queue.take()).containsExactly(second);
    }

    @Test
    void completesEveryAcceptedPredictionExactlyOnceUnderContention() throws InterruptedException {
        int requesters = 8;
        int each = 200;
        BatchQueue busy = queue(5, 3, MEGABYTE);
        Queue<PendingPrediction> handedOut = new ConcurrentLinkedQueue<>();
        Queue<PendingPrediction> accepted = new ConcurrentLinkedQueue<>();
        CountDownLatch requested = new CountDownLatch(requesters);
        List<Thread> workers =
                IntStream.range(0, 2)
                        .mapToObj(_ -> Thread.ofPlatform().start(() -> drain(busy, handedOut)))
                        .toList();
        for (int requester = 0; requester < requesters; requester++) {
            String client = "client" + requester;
            Thread.ofVirtual()
                    .start(() -> {
                        for (int index = 0; index < each; index++) {
                            GridShape grid = index % 3 == 0 ? LARGE : SMALL;
                            accepted.addAll(trySubmit(busy, client, grid));
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
        assertThat(busy.requests()).isZero();
    }

    @Test
    void servesWhoWasLetInBeforeItWasWithdrawnAndNobodyElse() throws InterruptedException {
        Reservation reading = queue.reserve(requester("a", LONG), 0);
        PendingPrediction waiting = submit("b", SMALL);
        queue.withdraw();

        assertThatThrownBy(() -> queue.reserve(requester("c", LONG), 0))
                .isInstanceOf(PredictionException.Withdrawn.class);
        assertThat(refusals).isEmpty();
        assertThat(queue.take()).containsExactly(waiting);
        queue.served(List.of(waiting), Duration.ofMillis(1));
        PendingPrediction read = reading.submit(List.of(work(SMALL, 0))).getFirst();
        assertThat(queue.awaitWork(() -> false)).isTrue();
        assertThat(queue.take()).containsExactly(read);
        CompletableFuture<Boolean> otherWorker =
                CompletableFuture.supplyAsync(() -> awaitWork(queue));
        queue.served(List.of(read), Duration.ofMillis(1));

        // Nobody is left: both workers are told to end.
        assertThat(otherWorker.join()).isFalse();
        assertThat(queue.awaitWork(() -> false)).isFalse();
    }

    @Test
    void isDoneWithWhenThoseLetInBeforeItWasWithdrawnAreLateOrGone() throws InterruptedException {
        Reservation slow = queue.reserve(requester("a", LONG), 0);
        Reservation leaving = queue.reserve(requester("b", Duration.ofSeconds(9)), 0);
        queue.withdraw();
        leaving.close();
        clock.addAndGet(LONG.toNanos());

        assertThat(queue.awaitWork(() -> false)).isFalse();
        assertThatThrownBy(() -> slow.submit(List.of(work(SMALL, 0))))
                .isInstanceOf(PredictionException.DeadlinePassed.class);
        slow.close();
        assertThat(queue.requests()).isZero();
    }

    private static void drain(BatchQueue queue, Queue<PendingPrediction> handedOut) {
        while (awaitWork(queue)) {
            List<PendingPrediction> batch = queue.take();
            handedOut.addAll(batch);
            queue.served(batch, Duration.ofNanos(1));
        }
    }

    private static boolean awaitWork(BatchQueue queue) {
        try {
            return queue.awaitWork(() -> false);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static List<PendingPrediction> takeAll(BatchQueue queue) {
        List<PendingPrediction> all = new ArrayList<>();
        List<PendingPrediction> batch = queue.take();
        while (!batch.isEmpty()) {
            all.addAll(batch);
            batch = queue.take();
        }
        return all;
    }

    private static boolean accepts(BatchQueue queue, String client) {
        return !trySubmit(queue, client, SMALL).isEmpty();
    }

    private static List<PendingPrediction> trySubmit(
            BatchQueue queue, String client, GridShape grid) {
        try {
            return List.of(submit(queue, client, grid, 0));
        } catch (PredictionException.Refused _) {
            return List.of();
        }
    }

    private PendingPrediction submit(String client, GridShape grid) {
        return submit(queue, client, grid, 0);
    }

    private static PendingPrediction submit(
            BatchQueue queue, String client, GridShape grid, long workingBytes) {
        return queue.reserve(requester(client, LONG), 0)
                .submit(List.of(work(grid, workingBytes)))
                .getFirst();
    }

    private static PendingPrediction submit(BatchQueue queue, Requester requester, GridShape grid) {
        return queue.reserve(requester, 0).submit(List.of(work(grid, 0))).getFirst();
    }

    private static Requester requester(String client, Duration timeout) {
        return new Requester(client, USUAL, timeout);
    }

    private static Reservation.Work work(GridShape grid, long workingBytes) {
        ModelFrames input = new ModelFrames(1, 1, grid, new float[(int) grid.pixels()]);
        return new Reservation.Work(input, 1, workingBytes);
    }

    private BatchQueue queue(int requests, int batch, long batchBytes) {
        return queue(limits(requests, batch, batchBytes), new MemoryBudget(MEGABYTE));
    }

    private static QueueLimits limits(int requests, int batch, long batchBytes) {
        return new QueueLimits(
                requests, batch, batchBytes, Duration.ofSeconds(10), Duration.ofSeconds(1));
    }

    private BatchQueue queue(QueueLimits limits, MemoryBudget memory) {
        PredictionListener listener =
                new PredictionListener() {
                    @Override
                    public void refused(String model, Refusal reason) {
                        refusals.add(reason);
                    }

                    @Override
                    public void dropped(String model, Drop reason) {
                        drops.add(reason);
                    }
                };
        BatchQueue made = new BatchQueue("rain", limits, memory, listener, clock::get);
        made.copyServes();
        return made;
    }
}
