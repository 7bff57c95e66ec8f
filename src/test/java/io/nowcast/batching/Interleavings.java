package io.nowcast.batching;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * Runs the classes that threads share under Lincheck: what threads see together must be what they
 * could have seen one after the other. Ends by status 1 and prints the threads' steps if not.
 *
 * <p>Arguments: scenarios of each kind (5), runs of each (300).
 */
public final class Interleavings {

    private Interleavings() {}

    public static void main(String[] arguments) {
        int scenarios = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 300;
        check(new StressOptions(), 3, scenarios, runs, Budget.class);
        check(new ModelCheckingOptions(), 3, scenarios, runs, Budget.class);
        check(new StressOptions(), 2, scenarios, runs, Queue.class);
    }

    private static void check(
            Options<?, ?> kind, int threads, int scenarios, int runs, Class<?> subject) {
        kind.threads(threads);
        kind.actorsPerThread(3);
        kind.iterations(scenarios);
        kind.invocationsPerIteration(runs);
        kind.check(subject);
        System.out.printf(
                "%s, %s: %d scenarios, %d runs of each, no fault%n",
                subject.getSimpleName(), kind.getClass().getSimpleName(), scenarios, runs);
    }

    /** The memory of all requests. */
    public static final class Budget {

        private final MemoryBudget memory = new MemoryBudget(10);
        private long first;
        private long second;

        @Operation(nonParallelGroup = "first")
        public boolean takeFirst() {
            boolean taken = memory.tryTake("first", 4);
            first += taken ? 4 : 0;
            return taken;
        }

        @Operation(nonParallelGroup = "first")
        public void releaseFirst() {
            memory.release("first", first);
            first = 0;
        }

        @Operation(nonParallelGroup = "second")
        public boolean takeSecond() {
            boolean taken = memory.tryTake("second", 3);
            second += taken ? 3 : 0;
            return taken;
        }

        @Operation(nonParallelGroup = "second")
        public void releaseSecond() {
            memory.release("second", second);
            second = 0;
        }

        @Operation
        public long used() {
            return memory.used();
        }
    }

    /** Requests of two clients, a worker and the end of the service. */
    public static final class Queue {

        private static final GridShape GRID = new GridShape(1, 1);

        private final BatchQueue queue =
                new BatchQueue(
                        "rain",
                        new QueueLimits(2, 2, 100, Duration.ZERO, Duration.ofSeconds(1)),
                        new MemoryBudget(1_000),
                        PredictionListener.NONE,
                        () -> 0);
        private final Deque<Reservation> first = new ArrayDeque<>();
        private final Deque<Reservation> second = new ArrayDeque<>();

        public Queue() {
            queue.copyServes();
        }

        @Operation(nonParallelGroup = "first")
        public String reserveFirst() {
            return reserve("first", first);
        }

        @Operation(nonParallelGroup = "first")
        public String submitFirst() {
            return submit(first);
        }

        @Operation(nonParallelGroup = "first")
        public void closeFirst() {
            close(first);
        }

        @Operation(nonParallelGroup = "second")
        public String reserveSecond() {
            return reserve("second", second);
        }

        @Operation(nonParallelGroup = "second")
        public String submitSecond() {
            return submit(second);
        }

        @Operation(nonParallelGroup = "second")
        public void closeSecond() {
            close(second);
        }

        @Operation(nonParallelGroup = "worker")
        public int serve() {
            List<PendingPrediction> batch = queue.take();
            batch.forEach(pending ->
                    pending.complete(
                            new Prediction(
                                    new ModelFrames(1, 1, GRID, new float[1]),
                                    "cpu",
                                    Duration.ZERO,
                                    Duration.ZERO)));
            queue.served(batch, Duration.ZERO);
            return batch.size();
        }

        @Operation(nonParallelGroup = "worker")
        public void endService() {
            queue.close();
        }

        @Operation
        public long requests() {
            return queue.requests();
        }

        @Operation
        public int depth() {
            return queue.depth();
        }

        private String reserve(String client, Deque<Reservation> open) {
            try {
                open.push(queue.reserve(new Requester(client, 3, Duration.ofHours(1)), 1));
                return "reserved";
            } catch (PredictionException refused) {
                return refused.getClass().getSimpleName();
            }
        }

        private static String submit(Deque<Reservation> open) {
            if (open.isEmpty()) {
                return "nothing";
            }
            try {
                return "waits "
                        + open.peek()
                                .submit(
                                        List.of(
                                                new Reservation.Work(
                                                        new ModelFrames(1, 1, GRID, new float[1]),
                                                        1,
                                                        1)))
                                .size();
            } catch (PredictionException | IllegalStateException refused) {
                return refused.getClass().getSimpleName();
            }
        }

        private static void close(Deque<Reservation> open) {
            if (!open.isEmpty()) {
                open.pop().close();
            }
        }
    }
}
