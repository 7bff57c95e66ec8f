package io.nowcast.batching;

import io.nowcast.settings.Setting;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of what is accepted, and how it is put together.
 *
 * @param capacity most requests for a model that are being read or wait
 * @param memory most heap that the requests of all models hold, from before a body is read until
 *     its answer is written; half of the largest heap where absent
 * @param batch most predictions in a model call; 1 turns batching off; 0 leaves it to the devices,
 *     since what shares a call gains little on a CPU and a great deal on a GPU
 * @param batchMemory most working memory of a model call of several predictions
 * @param window how long a prediction may wait for requests that are being read, to share its call;
 *     without effect where batching is off or nothing is being read
 * @param ageing how much earlier a request would have to come to be served before one of the next
 *     higher urgency
 */
@ConfigurationProperties("nowcast.queue")
public record BatchingProperties(
        @DefaultValue("64") int capacity,
        @Nullable DataSize memory,
        @DefaultValue("0") int batch,
        @DefaultValue("512MB") DataSize batchMemory,
        @DefaultValue("5ms") Duration window,
        @DefaultValue("1s") Duration ageing) {

    public BatchingProperties {
        Setting.requireBetween(1, 100_000, "nowcast.queue.capacity", capacity);
        Setting.requireAtLeast(0, "nowcast.queue.batch", batch);
        if (memory != null) {
            Setting.requireAtLeast(DataSize.ofBytes(1), "nowcast.queue.memory", memory);
            Setting.requireWithinHeap("nowcast.queue.memory", memory);
        }
        Setting.requireAtLeast(DataSize.ofBytes(0), "nowcast.queue.batch-memory", batchMemory);
        Setting.requireTime(Duration.ZERO, "nowcast.queue.window", window);
        Setting.requireTime(Duration.ZERO, "nowcast.queue.ageing", ageing);
    }

    QueueLimits limits() {
        return new QueueLimits(capacity, batch, batchMemory.toBytes(), window, ageing);
    }

    MemoryBudget budget() {
        return new MemoryBudget(
                Optional.ofNullable(memory)
                        .map(DataSize::toBytes)
                        .orElse(Runtime.getRuntime().maxMemory() / 2));
    }
}
