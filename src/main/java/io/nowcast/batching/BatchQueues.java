package io.nowcast.batching;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The queue of each model, by the model's name. Thread-safe. */
public final class BatchQueues {

    private final BatchLimits limits;
    private final Map<String, BatchQueue> queues = new ConcurrentHashMap<>();

    public BatchQueues(BatchLimits limits) {
        this.limits = limits;
    }

    /** Makes the queue of a model. */
    public BatchQueue open(String model) {
        BatchQueue queue = new BatchQueue(limits);
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
