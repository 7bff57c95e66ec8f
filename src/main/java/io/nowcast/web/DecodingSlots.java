package io.nowcast.web;

import io.nowcast.forecast.Admission;
import io.nowcast.forecast.ForecastException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the bodies that are decoded at once. Until a body is decoded only the codec's own limits
 * bound what it expands to, and more decoders than processors gain nothing. Together they take a
 * quarter of the heap at most, or as much as one of them: requests hold half of it, and the service
 * itself needs some.
 */
final class DecodingSlots {

    private static final Logger LOG = LoggerFactory.getLogger(DecodingSlots.class);

    private static final Duration GLANCE = Duration.ofMillis(250);

    private final Semaphore free;

    DecodingSlots(LimitProperties limits) {
        long heap = Runtime.getRuntime().maxMemory();
        long each = limits.expandedBytes();
        this.free = new Semaphore(Math.clamp(heap / 4 / each, 1, limits.decoders()), true);
        if (each > heap / 4) {
            LOG.warn(
                    "A body that is decoded may take {} MB, more than a quarter of the heap of {} MB: lower nowcast.limits.expanded, or raise -Xmx",
                    each >> 20,
                    heap >> 20);
        }
    }

    /**
     * Decodes once it is this body's turn.
     *
     * @param admission asked now and then whether the answer is still wanted
     * @throws ForecastException if it is not, before it was this body's turn
     * @throws InterruptedException if the waiting thread is interrupted
     */
    <T> T decode(Admission admission, Supplier<T> decoding) throws InterruptedException {
        while (!free.tryAcquire(GLANCE.toMillis(), TimeUnit.MILLISECONDS)) {
            admission.requireWanted();
        }
        try {
            return decoding.get();
        } finally {
            free.release();
        }
    }
}
