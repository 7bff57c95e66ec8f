package io.nowcast.observability;

import io.nowcast.accelerator.AcceleratorReadings;
import io.nowcast.model.DeviceName;
import io.nowcast.worker.WorkerPool;
import java.util.Map;
import java.util.TreeMap;

/**
 * The devices that are lost to this process, whoever found out first: a model call or the driver.
 */
final class LostDevices {

    private LostDevices() {}

    /** Why, by name; a loss stays until the process ends. */
    static Map<String, String> of(WorkerPool pool, AcceleratorReadings readings) {
        Map<String, String> lost = new TreeMap<>(pool.lostDevices());
        pool.deviceNames().stream()
                .filter(device -> readings.lost(DeviceName.parse(device)))
                .forEach(device ->
                        lost.putIfAbsent(
                                device, "the driver says that it is lost or must be reset"));
        return lost;
    }
}
