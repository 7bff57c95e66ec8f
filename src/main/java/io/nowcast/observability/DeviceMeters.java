package io.nowcast.observability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.nowcast.accelerator.AcceleratorReading;
import io.nowcast.accelerator.AcceleratorReadings;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelCatalogue;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/**
 * Gauges of the GPUs that models are served on, bound once these are known; none where nothing
 * measures a GPU. What the driver does not tell is NaN.
 */
final class DeviceMeters {

    private final MeterRegistry registry;
    private final AcceleratorReadings readings;
    private final ModelCatalogue catalogue;

    DeviceMeters(MeterRegistry registry, AcceleratorReadings readings, ModelCatalogue catalogue) {
        this.registry = registry;
        this.readings = readings;
        this.catalogue = catalogue;
    }

    @EventListener(ApplicationReadyEvent.class)
    void bind() {
        bind(
                catalogue.models().stream()
                        .flatMap(model -> model.devices().stream())
                        .distinct()
                        .toList());
    }

    void bind(List<DeviceName> devices) {
        devices.stream().filter(device -> readings.read(device).isPresent()).forEach(this::bind);
    }

    private void bind(DeviceName device) {
        bind(Meters.DEVICE_MEMORY_USED, "bytes", device, AcceleratorReading::memoryUsedBytes);
        bind(Meters.DEVICE_MEMORY_TOTAL, "bytes", device, AcceleratorReading::memoryTotalBytes);
        bind(Meters.DEVICE_UTILISATION, "ratio", device, AcceleratorReading::utilisation);
        bind(Meters.DEVICE_TEMPERATURE, "celsius", device, AcceleratorReading::celsius);
        bind(Meters.DEVICE_POWER, "watts", device, AcceleratorReading::watts);
    }

    private void bind(
            Meters meter,
            String unit,
            DeviceName device,
            ToDoubleFunction<AcceleratorReading> value) {
        Gauge.builder(
                        meter.meterName(),
                        readings,
                        source -> source.read(device).map(value::applyAsDouble).orElse(Double.NaN))
                .tag("device", device.toString())
                .baseUnit(unit)
                .register(registry);
    }
}
