package io.nowcast.observability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.nowcast.accelerator.AcceleratorReadings;
import io.nowcast.batching.BatchQueue;
import io.nowcast.batching.BatchQueues;
import io.nowcast.batching.MemoryBudget;
import io.nowcast.model.ServedModel;
import io.nowcast.worker.WorkerPool;
import io.nowcast.worker.WorkerStatus;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/** Gauges of the queues and workers, bound once they exist. */
final class PoolMeters {

    private final MeterRegistry registry;
    private final BatchQueues queues;
    private final MemoryBudget memory;
    private final WorkerPool pool;
    private final AcceleratorReadings readings;

    PoolMeters(
            MeterRegistry registry,
            BatchQueues queues,
            MemoryBudget memory,
            WorkerPool pool,
            AcceleratorReadings readings) {
        this.registry = registry;
        this.queues = queues;
        this.memory = memory;
        this.pool = pool;
        this.readings = readings;
    }

    @EventListener(ApplicationReadyEvent.class)
    void bind() {
        Gauge.builder(Meters.QUEUE_MEMORY.meterName(), memory, MemoryBudget::used)
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder(Meters.QUEUE_MEMORY_LIMIT.meterName(), memory, MemoryBudget::limit)
                .baseUnit("bytes")
                .register(registry);
        pool.deviceNames()
                .forEach(device ->
                        Gauge.builder(
                                        Meters.DEVICE_LOST.meterName(),
                                        pool,
                                        p ->
                                                LostDevices.of(p, readings).containsKey(device)
                                                        ? 1
                                                        : 0)
                                .tag("device", device)
                                .register(registry));
    }

    /** Binds what a model has, once: its generations share the meters. */
    void bind(ServedModel served) {
        String model = served.name();
        sum(Meters.QUEUE_DEPTH, model, BatchQueue::depth).register(registry);
        sum(Meters.QUEUE_BYTES, model, BatchQueue::bytes).baseUnit("bytes").register(registry);
        sum(Meters.QUEUE_REQUESTS, model, BatchQueue::requests).register(registry);
        sum(Meters.PREDICTIONS_RUNNING, model, BatchQueue::running).register(registry);
        Gauge.builder(Meters.QUEUE_WAIT.meterName(), queues, all -> secondsOfWait(all, model))
                .tag("model", model)
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder(Meters.MODEL_COPIES.meterName(), pool, p -> p.openCopies(model))
                .tag("model", model)
                .register(registry);
        pool.status().stream()
                .filter(worker -> worker.model().equals(model))
                .map(worker -> Tags.of("model", worker.model(), "device", worker.device()))
                .distinct()
                .forEach(tags ->
                        Gauge.builder(
                                        Meters.WORKER_SERVING.meterName(),
                                        pool,
                                        p -> isServing(p, tags) ? 1 : 0)
                                .tags(tags)
                                .register(registry));
    }

    private Gauge.Builder<BatchQueues> sum(
            Meters meter, String model, ToDoubleFunction<BatchQueue> value) {
        return Gauge.builder(
                        meter.meterName(),
                        queues,
                        all -> all.of(model).stream().mapToDouble(value).sum())
                .tag("model", model);
    }

    /** Until a request that comes now is begun: it would be let in by the latest generation. */
    private static double secondsOfWait(BatchQueues queues, String model) {
        List<BatchQueue> all = queues.of(model);
        return all.isEmpty() ? 0 : all.getLast().expectedWait().toNanos() / 1e9;
    }

    /** Whether every copy of a model on a device serves. */
    private static boolean isServing(WorkerPool pool, Tags copies) {
        return pool.status().stream()
                .filter(worker ->
                        copies.equals(Tags.of("model", worker.model(), "device", worker.device())))
                .allMatch(WorkerStatus::serving);
    }
}
