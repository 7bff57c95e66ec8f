package io.nowcast.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for the queue whatever requests and workers do. */
class QueueInvariantsTest {

    private static final int PLACES = 6;
    private static final int BATCH = 3;
    private static final long MEMORY = 1_000;
    private static final GridShape GRID = new GridShape(2, 2);
    private static final Duration LONG = Duration.ofMinutes(10);

    /** Each number is an action; what it acts on follows from it. */
    @Property(tries = 300)
    void keepsItsBoundsAndAnswersEachRequestOnce(
            @ForAll @Size(max = 120) List<@IntRange(min = 0, max = 999) Integer> actions)
            throws InterruptedException {
        MemoryBudget memory = new MemoryBudget(MEMORY);
        BatchQueue queue = queue(memory, new AtomicLong()::get);
        List<Reservation> open = new ArrayList<>();
        List<PendingPrediction> accepted = new ArrayList<>();
        Deque<List<PendingPrediction>> running = new ArrayDeque<>();
        for (int action : actions) {
            int which = action / 10;
            switch (action % 10) {
                case 0, 1, 2, 3 -> request(queue, which, open, accepted);
                case 4, 5 -> {
                    List<PendingPrediction> batch = queue.take();
                    assertThat(batch).hasSizeLessThanOrEqualTo(BATCH);
                    if (!batch.isEmpty()) {
                        running.add(batch);
                    }
                }
                case 6, 7 -> {
                    if (!running.isEmpty()) {
                        List<PendingPrediction> batch = running.remove();
                        batch.forEach(QueueInvariantsTest::answer);
                        queue.served(batch, Duration.ofMillis(1));
                    }
                }
                case 8 -> {
                    if (!running.isEmpty()) {
                        queue.giveBack(running.remove());
                    }
                }
                default -> {
                    if (!open.isEmpty()) {
                        open.remove(which % open.size()).close();
                    }
                }
            }
            assertThat(queue.requests()).isBetween(0L, (long) PLACES);
            assertThat(memory.used()).isBetween(0L, MEMORY);
            assertThat(queue.depth()).isBetween(0, accepted.size());
        }
        open.forEach(Reservation::close);
        for (List<PendingPrediction> batch : running) {
            batch.forEach(QueueInvariantsTest::answer);
            queue.served(batch, Duration.ofMillis(1));
        }
        queue.close();

        assertThat(accepted).allMatch(PendingPrediction::isDone);
        assertThat(queue.depth()).isZero();
        assertThat(queue.requests()).isZero();
        assertThat(queue.running()).isZero();
        assertThat(memory.used()).isZero();
        assertThat(queue.awaitWork(() -> false)).isFalse();
    }

    /** One client of one urgency is served in the order in which it came. */
    @Property(tries = 100)
    void servesAClientInItsOrder(@ForAll @IntRange(min = 1, max = 3) int count) {
        BatchQueue queue = queue(new MemoryBudget(MEMORY), new AtomicLong()::get);
        List<Reservation> open = new ArrayList<>();
        List<PendingPrediction> accepted = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            request(queue, 0, open, accepted);
        }
        List<PendingPrediction> taken = new ArrayList<>();
        while (queue.depth() > 0) {
            taken.addAll(queue.take());
        }
        assertThat(taken).containsExactlyElementsOf(accepted);
    }

    /** Threads that request, hang up and serve at once: nobody waits for ever, nothing is lost. */
    @Property(tries = 10)
    void losesNothingAmongThreads(@ForAll long seed) throws InterruptedException {
        MemoryBudget memory = new MemoryBudget(MEMORY);
        BatchQueue queue = queue(memory, System::nanoTime);
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger accepted = new AtomicInteger();
        List<Thread> workers = new ArrayList<>();
        for (int worker = 0; worker < 2; worker++) {
            workers.add(Thread.ofPlatform().start(() -> serve(queue)));
        }
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < 4; client++) {
            Random random = new Random(seed + client);
            String name = "client " + client % 3;
            clients.add(
                    Thread.ofPlatform().start(() -> ask(queue, name, random, accepted, answered)));
        }
        for (Thread client : clients) {
            assertThat(client.join(Duration.ofSeconds(20))).as("a client ended").isTrue();
        }
        queue.close();
        for (Thread worker : workers) {
            assertThat(worker.join(Duration.ofSeconds(20))).as("a worker ended").isTrue();
        }
        assertThat(answered).hasValue(accepted.get());
        assertThat(queue.depth()).isZero();
        assertThat(queue.requests()).isZero();
        assertThat(memory.used()).isZero();
    }

    private static void ask(
            BatchQueue queue,
            String client,
            Random random,
            AtomicInteger accepted,
            AtomicInteger answered) {
        for (int count = 0; count < 200; count++) {
            try (Reservation reservation =
                    queue.reserve(new Requester(client, random.nextInt(8), LONG), 50)) {
                PendingPrediction pending = reservation.submit(List.of(work())).getFirst();
                if (random.nextInt(4) > 0) {
                    accepted.incrementAndGet();
                    pending.await(() -> false);
                    answered.incrementAndGet();
                }
            } catch (PredictionException.Refused full) {
                Thread.onSpinWait();
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private static void serve(BatchQueue queue) {
        try {
            while (queue.awaitWork(() -> false)) {
                List<PendingPrediction> batch = queue.take();
                batch.forEach(QueueInvariantsTest::answer);
                queue.served(batch, Duration.ofNanos(1000));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void request(
            BatchQueue queue, int which, List<Reservation> open, List<PendingPrediction> accepted) {
        try {
            Reservation reservation =
                    queue.reserve(
                            new Requester("client " + which % 3, which % 8, LONG), which * 3L);
            open.add(reservation);
            if (which % 5 > 0) {
                accepted.addAll(reservation.submit(List.of(work())));
            }
        } catch (PredictionException.Refused full) {
            assertThat(full.retryAfter()).isGreaterThanOrEqualTo(Duration.ZERO);
        }
    }

    private static void answer(PendingPrediction pending) {
        pending.complete(
                new Prediction(
                        new ModelFrames(1, 1, GRID, new float[4]),
                        "cpu",
                        Duration.ZERO,
                        Duration.ZERO));
    }

    private static Reservation.Work work() {
        return new Reservation.Work(new ModelFrames(1, 1, GRID, new float[4]), 1, 10);
    }

    private static BatchQueue queue(MemoryBudget memory, LongSupplier nanoTime) {
        BatchQueue queue =
                new BatchQueue(
                        "rain",
                        new QueueLimits(PLACES, BATCH, 1_000, Duration.ZERO, Duration.ofSeconds(1)),
                        memory,
                        PredictionListener.NONE,
                        nanoTime);
        queue.copyServes();
        return queue;
    }
}
