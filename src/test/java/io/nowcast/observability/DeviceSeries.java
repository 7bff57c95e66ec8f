package io.nowcast.observability;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nowcast.accelerator.AcceleratorReadings;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelCatalogue;
import java.util.List;

/** What Prometheus would scrape of the meters of devices. */
public final class DeviceSeries {

    private DeviceSeries() {}

    public static String scraped(AcceleratorReadings readings, DeviceName... devices) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new DeviceMeters(registry, readings, new ModelCatalogue("none")).bind(List.of(devices));
        return registry.scrape();
    }
}
