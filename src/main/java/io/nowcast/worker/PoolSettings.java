package io.nowcast.worker;

import io.nowcast.batching.WorkingMemory;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * How a pool is built and how long it waits.
 *
 * @param devices {@code auto}, or names of devices separated by commas
 * @param cpuWorkers copies of each model on the CPU, and calls at a time there
 * @param cpuThreads threads of a call on the CPU, by the number of calls there at the time
 * @param weights a model's part of a device that models share, by model; 1 where absent
 * @param workingMemory what calls take on a device together, beside the weights
 * @param load for a model copy to be loaded and warm
 * @param drain at a stop, for what was accepted
 * @param stuck after which a model call is given up
 */
public record PoolSettings(
        String devices,
        int cpuWorkers,
        IntUnaryOperator cpuThreads,
        Map<String, Double> weights,
        WorkingMemory workingMemory,
        Duration load,
        Duration drain,
        Duration stuck) {

    public PoolSettings {
        weights = Map.copyOf(weights);
    }
}
