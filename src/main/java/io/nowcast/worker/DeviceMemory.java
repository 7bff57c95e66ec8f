package io.nowcast.worker;

import io.nowcast.batching.PendingPrediction;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * The working memory that the calls on one device share. A batch takes as much as it is estimated
 * to need and waits, in the order of arrival, while others leave too little; one that needs all
 * there is runs alone. Thread-safe.
 */
final class DeviceMemory {

    private static final int UNIT = 1 << 20;

    private final int units;
    private final Semaphore free;

    /**
     * All of it free.
     *
     * @param bytes on the device, beside the weights
     */
    DeviceMemory(long bytes) {
        this.units = units(bytes);
        this.free = new Semaphore(units, true);
    }

    /** Waits until there is room; a call that others wait for ends, or is given up. */
    Taken take(List<PendingPrediction> batch) {
        return take(batch.stream().mapToLong(PendingPrediction::workingBytes).sum());
    }

    Taken take(long bytes) {
        int taken = Math.min(units, units(bytes));
        free.acquireUninterruptibly(taken);
        return () -> free.release(taken);
    }

    private static int units(long bytes) {
        return Math.clamp(Math.ceilDiv(bytes, UNIT), 1, Integer.MAX_VALUE);
    }

    /** Given back when closed, once. */
    interface Taken extends AutoCloseable {
        @Override
        void close();
    }
}
