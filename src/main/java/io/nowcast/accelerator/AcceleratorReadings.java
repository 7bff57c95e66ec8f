package io.nowcast.accelerator;

import io.nowcast.model.DeviceName;
import java.util.Optional;

/** The port to whatever measures GPUs. Thread-safe; asking often costs little. */
public interface AcceleratorReadings {

    /**
     * What the driver said of a device a second ago or later. Empty for the CPU, and where nothing
     * measures the device.
     */
    Optional<AcceleratorReading> read(DeviceName device);

    /**
     * Whether the driver has ever said that the device is lost: once it did, it stays so, since
     * only another process may use the device again. False where nothing measures it.
     */
    default boolean lost(DeviceName device) {
        return read(device).map(AcceleratorReading::lost).orElse(false);
    }
}
