package io.nowcast.observability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.nowcast.batching.BatchQueues;
import io.nowcast.worker.WorkerPool;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Gauges of the queues and workers, bound once they exist. */
@Component
final class PoolMeters {

    private final MeterRegistry registry;
    private final BatchQueues queues;
    private final WorkerPool pool;

    PoolMeters(MeterRegistry registry, BatchQueues queues, WorkerPool pool) {
        this.registry = registry;
        this.queues = queues;
        this.pool = pool;
    }

    @EventListener(ApplicationReadyEvent.class)
    void bind() {
        queues.all()
                .forEach((model, queue) -> {
                    Gauge.builder(Meters.QUEUE_DEPTH.meterName(), queue, q -> q.depth())
                            .tag("model", model)
                            .register(registry);
                    Gauge.builder(Meters.QUEUE_BYTES.meterName(), queue, q -> q.bytes())
                            .tag("model", model)
                            .baseUnit("bytes")
                            .register(registry);
                    Gauge.builder(Meters.PREDICTIONS_RUNNING.meterName(), queue, q -> q.running())
                            .tag("model", model)
                            .register(registry);
                });
        pool.status()
                .forEach(worker ->
                        Gauge.builder(
                                        Meters.WORKER_SERVING.meterName(),
                                        pool,
                                        p -> isServing(p, worker.model(), worker.device()) ? 1 : 0)
                                .tag("model", worker.model())
                                .tag("device", worker.device())
                                .register(registry));
    }

    private static boolean isServing(WorkerPool pool, String model, String device) {
        return pool.status().stream()
                .anyMatch(worker ->
                        worker.serving()
                                && worker.model().equals(model)
                                && worker.device().equals(device));
    }
}
