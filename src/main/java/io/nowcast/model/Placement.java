package io.nowcast.model;

/**
 * Where a copy of a model lives.
 *
 * @param device the device that computes it
 * @param copy which of the model's copies on this device
 */
public record Placement(DeviceName device, int copy) {

    /** The first copy on a device. */
    public static Placement on(DeviceName device) {
        return new Placement(device, 0);
    }

    @Override
    public String toString() {
        return copy == 0 ? device.toString() : device + "#" + copy;
    }
}
