package io.nowcast.batching;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The queue of each model, by the model's name. Thread-safe. */
public final class BatchQueues {

    private final QueueLimits limits;
    private final MemoryBudget memory;
    private final PredictionListener listener;
    private final LongSupplier nanoTime;
    private final Map<String, BatchQueue> queues = new ConcurrentHashMap<>();

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

    /** Makes the queue of a model. */
    public BatchQueue open(String model) {
        BatchQueue queue = new BatchQueue(model, limits, memory, listener, nanoTime);
        queues.put(model, queue);
        return queue;
    }

    public Optional<BatchQueue> find(String model) {
        return Optional.ofNullable(queues.get(model));
    }

    /** All queues, by model. */
    public Map<String, BatchQueue> all() {
        return Map.copyOf(queues);
    }
}
