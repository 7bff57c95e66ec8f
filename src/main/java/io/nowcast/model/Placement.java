package io.nowcast.model;

/**
 * Where a copy of a model lives.
 *
 * @param device the device that computes it
 * @param copy which of the model's copies on this device
 * @param mostThreads threads that it may compute with at most, on a CPU
 */
public record Placement(DeviceName device, int copy, int mostThreads) {

    /** The first copy on a device, with as many threads as there are. */
    public static Placement on(DeviceName device) {
        return new Placement(device, 0, Integer.MAX_VALUE);
    }

    @Override
    public String toString() {
        return copy == 0 ? device.toString() : device + "#" + copy;
    }
}
