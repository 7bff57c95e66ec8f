package io.nowcast.observability;

import io.nowcast.accelerator.AcceleratorReadings;
import io.nowcast.worker.WorkerPool;
import io.nowcast.worker.WorkerStatus;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Part of liveness: down once a device is lost to this process, which stays so, and while a model
 * call was given up and has not come back. Only a restart helps, and the orchestrator is to know.
 */
@Component("devices")
final class DevicesHealthIndicator implements HealthIndicator {

    private final WorkerPool pool;
    private final AcceleratorReadings readings;

    DevicesHealthIndicator(WorkerPool pool, AcceleratorReadings readings) {
        this.pool = pool;
        this.readings = readings;
    }

    @Override
    public Health health() {
        Map<String, String> lost = LostDevices.of(pool, readings);
        boolean stuck =
                pool.status().stream()
                        .anyMatch(worker -> worker.state() == WorkerStatus.State.STUCK);
        Health.Builder health = lost.isEmpty() && !stuck ? Health.up() : Health.down();
        return health.withDetail("lost", lost).withDetail("stuck", stuck).build();
    }
}
