package io.nowcast.worker;

import io.nowcast.batching.WorkingMemory;
import io.nowcast.settings.Setting;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where models run.
 *
 * @param devices {@code auto} (every CUDA device, else the CPU), or names such as {@code cpu} or
 *     {@code cuda:0,cuda:1}
 * @param cpu how the CPU is divided
 * @param weights a model's part of a device that models share, by model; 1 where absent
 * @param load how long a model may take to be loaded and warm
 * @param drain how long a shutdown waits for predictions that were accepted
 * @param stuck after which a model call that has not returned is given up
 */
@ConfigurationProperties("nowcast")
public record WorkerProperties(
        @DefaultValue("auto") String devices,
        @DefaultValue Cpu cpu,
        @DefaultValue Map<String, Double> weights,
        @DefaultValue("5m") Duration load,
        @DefaultValue("20s") Duration drain,
        @DefaultValue("2m") Duration stuck) {

    public WorkerProperties {
        Setting.requireText("nowcast.devices", devices);
        Setting.requireTime(Duration.ofMillis(1), "nowcast.load", load);
        Setting.requireTime(Duration.ZERO, "nowcast.drain", drain);
        Setting.requireTime(Duration.ofMillis(1), "nowcast.stuck", stuck);
        weights.forEach(
                (model, weight) -> Setting.requirePositive("nowcast.weights." + model, weight));
    }

    /**
     * How the CPU is divided.
     *
     * @param workers model calls at a time, each by a copy of its own; 0 for as many as there are
     *     processors, but at most {@value #MOST_USUAL_WORKERS}
     * @param threads threads of a call; 0 shares the processors out among the calls of the moment
     */
    public record Cpu(@DefaultValue("0") int workers, @DefaultValue("0") int threads) {

        private static final int MOST_USUAL_WORKERS = 4;

        public Cpu {
            Setting.requireBetween(0, 256, "nowcast.cpu.workers", workers);
            Setting.requireBetween(0, 1024, "nowcast.cpu.threads", threads);
        }

        int workersOf(int processors) {
            return workers > 0 ? workers : Math.min(processors, MOST_USUAL_WORKERS);
        }

        int threadsOf(int processors, int calls) {
            return threads > 0 ? threads : Math.max(1, processors / calls);
        }
    }

    /**
     * Processors to compute with: where a container has no limit of them, the JVM counts all of the
     * machine's, and {@code OMP_NUM_THREADS} tells how many are meant.
     *
     * @param available what the JVM counts
     * @param openMp the variable; what is no number from 1 on says nothing
     */
    static int processors(int available, @Nullable String openMp) {
        return openMp != null && openMp.matches("[1-9]\\d{0,3}")
                ? Math.min(available, Integer.parseInt(openMp))
                : available;
    }

    PoolSettings settings(int processors, WorkingMemory workingMemory) {
        return new PoolSettings(
                devices,
                cpu.workersOf(processors),
                calls -> cpu.threadsOf(processors, calls),
                weights,
                workingMemory,
                load,
                drain,
                stuck);
    }
}
