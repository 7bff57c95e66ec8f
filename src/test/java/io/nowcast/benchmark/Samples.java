package io.nowcast.benchmark;

import java.util.Arrays;

/** Measured numbers of one kind. Thread-safe. */
final class Samples {

    private double[] values = new double[1024];
    private int count;

    synchronized void add(double value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = value;
    }

    synchronized int count() {
        return count;
    }

    /**
     * The smallest value that at least this share of all values does not exceed; NaN where there
     * are none.
     *
     * @param share 0 (the minimum) to 1 (the maximum)
     */
    synchronized double quantile(double share) {
        if (count == 0) {
            return Double.NaN;
        }
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted[Math.clamp((long) Math.ceil(share * count) - 1, 0, count - 1)];
    }

    double median() {
        return quantile(0.5);
    }
}
