package io.nowcast.model;

/**
 * Where a copy of a model lives.
 *
 * @param device the device that computes it
 * @param copy which of the model's copies on this device
 * @param threads threads that a call may compute with, where the device is the CPU
 */
public record Placement(DeviceName device, int copy, int threads) {

    /** The first copy on a device, with a thread for each processor. */
    public static Placement on(DeviceName device) {
        return new Placement(device, 0, Runtime.getRuntime().availableProcessors());
    }

    @Override
    public String toString() {
        return copy == 0 ? device.toString() : device + "#" + copy;
    }
}
