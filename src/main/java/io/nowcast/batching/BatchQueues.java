package io.nowcast.batching;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The queue of each generation of each model. While a model is replaced it has two: the one that is
 * withdrawn, and the one that has taken over. Thread-safe.
 */
public final class BatchQueues {

    private final QueueLimits limits;
    private final MemoryBudget memory;
    private final PredictionListener listener;
    private final LongSupplier nanoTime;
    private final Map<Key, BatchQueue> queues = new ConcurrentHashMap<>();

    /**
     * Makes no queue yet.
     *
     * @param limits of each queue
     * @param memory that the requests of all of them share
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    public BatchQueues(
            QueueLimits limits,
            MemoryBudget memory,
            PredictionListener listener,
            LongSupplier nanoTime) {
        this.limits = limits;
        this.memory = memory;
        this.listener = listener;
        this.nanoTime = nanoTime;
    }

    /**
     * Makes the queue of a generation.
     *
     * @param usualBatch most predictions in a model call where the limits leave it to the devices
     */
    public BatchQueue open(String model, int generation, int usualBatch) {
        BatchQueue queue =
                new BatchQueue(
                        model, limits.withUsualBatch(usualBatch), memory, listener, nanoTime);
        queues.put(new Key(model, generation), queue);
        return queue;
    }

    /** The queue of a generation; empty once that was released. */
    public Optional<BatchQueue> find(String model, int generation) {
        return Optional.ofNullable(queues.get(new Key(model, generation)));
    }

    /** Forgets a queue that nobody serves any more. */
    public void release(String model, int generation) {
        queues.remove(new Key(model, generation));
    }

    /** The queues of a model, the latest last. */
    public List<BatchQueue> of(String model) {
        return queues.entrySet().stream()
                .filter(entry -> entry.getKey().model().equals(model))
                .sorted(Comparator.comparingInt(entry -> entry.getKey().generation()))
                .map(Map.Entry::getValue)
                .toList();
    }

    public Collection<BatchQueue> all() {
        return List.copyOf(queues.values());
    }

    private record Key(String model, int generation) {}
}
