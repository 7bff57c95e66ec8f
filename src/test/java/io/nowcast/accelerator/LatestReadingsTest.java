package io.nowcast.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.model.DeviceName;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LatestReadingsTest {

    private static final DeviceName FIRST = new DeviceName("cuda", 0);
    private static final DeviceName SECOND = new DeviceName("cuda", 1);

    private long now = Long.MAX_VALUE - 5;
    private int asked;
    private boolean lost;

    private final LatestReadings readings =
            new LatestReadings(
                    device -> {
                        asked++;
                        return device.equals(FIRST)
                                ? Optional.of(
                                        lost
                                                ? AcceleratorReading.LOST
                                                : new AcceleratorReading(
                                                        asked, 8, 0.5, 50, 100, false))
                                : Optional.empty();
                    },
                    () -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void theDriverIsAskedOnceASecond() {
        assertThat(readings.read(FIRST).orElseThrow().memoryUsedBytes()).isEqualTo(1);
        pass(Duration.ofMillis(999));
        assertThat(readings.read(FIRST).orElseThrow().memoryUsedBytes()).isEqualTo(1);
        pass(Duration.ofMillis(1));
        assertThat(readings.read(FIRST).orElseThrow().memoryUsedBytes()).isEqualTo(2);
    }

    @Test
    void eachDeviceIsAskedForItself() {
        assertThat(readings.read(SECOND)).isEmpty();
        assertThat(readings.read(FIRST)).isPresent();
        assertThat(readings.lost(SECOND)).isFalse();
        assertThat(asked).isEqualTo(2);
    }

    /** The driver may answer again once a GPU was reset; this process can never use it again. */
    @Test
    void whatWasLostStaysLost() {
        assertThat(readings.lost(FIRST)).isFalse();
        lost = true;
        pass(Duration.ofSeconds(1));
        assertThat(readings.lost(FIRST)).isTrue();

        lost = false;
        pass(Duration.ofHours(1));

        assertThat(readings.lost(FIRST)).isTrue();
    }

    @Test
    void theProcessorIsNothingToAskADriverFor() {
        assertThat(readings.read(DeviceName.CPU)).isEmpty();
        assertThat(readings.lost(DeviceName.CPU)).isFalse();
        assertThat(asked).isZero();
    }
}
