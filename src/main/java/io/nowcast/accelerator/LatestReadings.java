package io.nowcast.accelerator;

import io.nowcast.model.DeviceName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/*
 * `latest` is guarded by this object's lock, which is held while the driver is asked: of several threads that ask at
 * once, one goes to the driver and the others take what it brought. A driver that hangs so stops whoever asks, and with
 * them the scrape and the probe: that is meant, a probe that times out has a pod replaced.
 */

/** Asks the driver at most once a second for each device, and never again for a lost one. */
final class LatestReadings implements AcceleratorReadings {

    private static final long FRESH_NANOS = 1_000_000_000;

    private final AcceleratorReadings driver;
    private final LongSupplier nanoTime;
    private final Map<DeviceName, Taken> latest = new HashMap<>();

    LatestReadings(AcceleratorReadings driver, LongSupplier nanoTime) {
        this.driver = driver;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized Optional<AcceleratorReading> read(DeviceName device) {
        if (!device.isCuda()) {
            return Optional.empty();
        }
        Taken known = latest.get(device);
        if (known != null && (known.isLost() || nanoTime.getAsLong() - known.at < FRESH_NANOS)) {
            return known.reading;
        }
        Optional<AcceleratorReading> reading = driver.read(device);
        latest.put(device, new Taken(reading, nanoTime.getAsLong()));
        return reading;
    }

    private record Taken(Optional<AcceleratorReading> reading, long at) {

        boolean isLost() {
            return reading.map(AcceleratorReading::lost).orElse(false);
        }
    }
}
