package io.nowcast.observability;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@Configuration(proxyBeanMethods = false)
@Import({
    AccessMeters.class,
    ChangeMeters.class,
    DeviceMeters.class,
    DevicesHealthIndicator.class,
    ForecastMeters.class,
    PoolMeters.class,
    PredictionMeters.class,
    WorkersHealthIndicator.class
})
class ObservabilityConfiguration {}
