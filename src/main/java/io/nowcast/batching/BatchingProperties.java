package io.nowcast.batching;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Bounds of each model's queue.
 *
 * @param capacity most predictions waiting
 * @param memory most memory of inputs waiting
 * @param batch most predictions in a model call; 1, the default, turns batching off: what shares a
 *     call changes the last digits of an answer, and on a CPU it gains little
 * @param batchMemory most memory of inputs in a model call of several predictions
 */
@Validated
@ConfigurationProperties("nowcast.queue")
public record BatchingProperties(
        @DefaultValue("64") @Min(1) int capacity,
        @DefaultValue("256MB") DataSize memory,
        @DefaultValue("1") @Min(1) int batch,
        @DefaultValue("4MB") DataSize batchMemory) {

    BatchLimits limits() {
        return new BatchLimits(capacity, memory.toBytes(), batch, batchMemory.toBytes());
    }
}
