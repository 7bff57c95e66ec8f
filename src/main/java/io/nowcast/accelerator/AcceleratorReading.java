package io.nowcast.accelerator;

/**
 * What the driver says of one GPU; a number that it does not give is NaN.
 *
 * @param memoryUsedBytes by all processes, and what the driver keeps for itself
 * @param utilisation share of the last sample period in which a kernel ran, 0..1
 * @param lost whether the GPU has fallen off the bus or needs a reset
 */
public record AcceleratorReading(
        double memoryUsedBytes,
        double memoryTotalBytes,
        double utilisation,
        double celsius,
        double watts,
        boolean lost) {

    static final AcceleratorReading LOST =
            new AcceleratorReading(
                    Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, true);
}
