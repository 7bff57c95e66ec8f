package io.nowcast.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.accelerator.AcceleratorReading;
import io.nowcast.model.DeviceName;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an operator sees of GPUs, with the driver's answers injected. */
class DeviceMetersTest {

    private static final DeviceName FIRST = new DeviceName("cuda", 0);
    private static final DeviceName SECOND = new DeviceName("cuda", 1);

    @Test
    void eachGpuHasItsReadings() {
        String series =
                DeviceSeries.scraped(
                        device ->
                                Optional.of(
                                        device.equals(FIRST)
                                                ? new AcceleratorReading(
                                                        1024, 4096, 0.25, 61, 300.5, false)
                                                : new AcceleratorReading(
                                                        2048,
                                                        4096,
                                                        Double.NaN,
                                                        Double.NaN,
                                                        Double.NaN,
                                                        false)),
                        FIRST,
                        SECOND);

        assertThat(series)
                .contains(
                        "nowcast_device_memory_used_bytes{device=\"cuda:0\"} 1024.0",
                        "nowcast_device_memory_total_bytes{device=\"cuda:0\"} 4096.0",
                        "nowcast_device_utilisation_ratio{device=\"cuda:0\"} 0.25",
                        "nowcast_device_temperature_celsius{device=\"cuda:0\"} 61.0",
                        "nowcast_device_power_watts{device=\"cuda:0\"} 300.5",
                        "nowcast_device_memory_used_bytes{device=\"cuda:1\"} 2048.0",
                        "nowcast_device_utilisation_ratio{device=\"cuda:1\"} NaN");
    }

    @Test
    void whatNothingMeasuresHasNoMeters() {
        assertThat(DeviceSeries.scraped(_ -> Optional.empty(), DeviceName.CPU, FIRST))
                .doesNotContain("nowcast_device");
    }
}
