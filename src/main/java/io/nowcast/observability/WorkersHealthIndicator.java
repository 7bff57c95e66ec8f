package io.nowcast.observability;

import io.nowcast.model.ModelCatalogue;
import io.nowcast.worker.WorkerPool;
import io.nowcast.worker.WorkerPool.WorkerStatus;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Part of readiness: up while the pool runs and every model copy serves. Every copy has made a real
 * forward pass before it counts as serving.
 */
@Component("workers")
final class WorkersHealthIndicator implements HealthIndicator {

    private final WorkerPool pool;
    private final ModelCatalogue catalogue;

    WorkersHealthIndicator(WorkerPool pool, ModelCatalogue catalogue) {
        this.pool = pool;
        this.catalogue = catalogue;
    }

    @Override
    public Health health() {
        List<WorkerStatus> workers = pool.status();
        boolean serving =
                pool.isRunning()
                        && !workers.isEmpty()
                        && workers.stream().allMatch(WorkerStatus::serving);
        Health.Builder health = serving ? Health.up() : Health.outOfService();
        workers.forEach(worker ->
                health.withDetail(
                        worker.model() + "@" + worker.device(),
                        worker.serving() ? "serving" : "stopped"));
        return health.withDetail("broken", catalogue.broken()).build();
    }
}
