package io.nowcast.observability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.nowcast.accelerator.AcceleratorReadings;
import io.nowcast.batching.BatchQueue;
import io.nowcast.batching.BatchQueues;
import io.nowcast.batching.MemoryBudget;
import io.nowcast.worker.WorkerPool;
import io.nowcast.worker.WorkerStatus;
import java.util.function.ToDoubleFunction;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Gauges of the queues and workers, bound once they exist. */
@Component
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
        queues.all().forEach(this::bind);
        Gauge.builder(Meters.QUEUE_MEMORY.meterName(), memory, MemoryBudget::used)
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder(Meters.QUEUE_MEMORY_LIMIT.meterName(), memory, MemoryBudget::limit)
                .baseUnit("bytes")
                .register(registry);
        pool.status().stream()
                .map(worker -> Tags.of("model", worker.model(), "device", worker.device()))
                .distinct()
                .forEach(tags ->
                        Gauge.builder(
                                        Meters.WORKER_SERVING.meterName(),
                                        pool,
                                        p -> isServing(p, tags) ? 1 : 0)
                                .tags(tags)
                                .register(registry));
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

    private void bind(String model, BatchQueue queue) {
        gauge(Meters.QUEUE_DEPTH, model, queue, BatchQueue::depth).register(registry);
        gauge(Meters.QUEUE_BYTES, model, queue, BatchQueue::bytes)
                .baseUnit("bytes")
                .register(registry);
        gauge(Meters.QUEUE_REQUESTS, model, queue, BatchQueue::requests).register(registry);
        gauge(Meters.QUEUE_WAIT, model, queue, q -> q.expectedWait().toNanos() / 1e9)
                .baseUnit("seconds")
                .register(registry);
        gauge(Meters.PREDICTIONS_RUNNING, model, queue, BatchQueue::running).register(registry);
    }

    private static Gauge.Builder<BatchQueue> gauge(
            Meters meter, String model, BatchQueue queue, ToDoubleFunction<BatchQueue> value) {
        return Gauge.builder(meter.meterName(), queue, value).tag("model", model);
    }

    /** Whether every copy of a model on a device serves. */
    private static boolean isServing(WorkerPool pool, Tags copies) {
        return pool.status().stream()
                .filter(worker ->
                        copies.equals(Tags.of("model", worker.model(), "device", worker.device())))
                .allMatch(WorkerStatus::serving);
    }
}
