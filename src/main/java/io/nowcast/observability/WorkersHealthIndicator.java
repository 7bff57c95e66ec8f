package io.nowcast.observability;

import io.nowcast.model.ModelCatalogue;
import io.nowcast.worker.WorkerPool;
import io.nowcast.worker.WorkerStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Part of readiness: up while the pool runs and every model has a copy that serves. Every copy has
 * made a real forward pass before it counts as serving.
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
        Map<String, Boolean> models =
                workers.stream()
                        .collect(
                                Collectors.toMap(
                                        WorkerStatus::model,
                                        WorkerStatus::serving,
                                        Boolean::logicalOr));
        boolean serving = pool.isRunning() && !models.isEmpty() && !models.containsValue(false);
        Health.Builder health = serving ? Health.up() : Health.outOfService();
        workers.forEach(worker ->
                health.withDetail(
                        worker.model() + "@" + worker.placement(),
                        worker.state().name().toLowerCase(Locale.ROOT)));
        return health.withDetail("broken", catalogue.broken()).build();
    }
}
