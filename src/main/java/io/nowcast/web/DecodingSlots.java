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
 * bound what it expands to, and more decoders than processors gain nothing.
 */
final class DecodingSlots {

    private static final Logger LOG = LoggerFactory.getLogger(DecodingSlots.class);

    private static final Duration GLANCE = Duration.ofMillis(250);

    private final Semaphore free;

    DecodingSlots(LimitProperties limits) {
        this.free = new Semaphore(limits.decoders(), true);
        long heap = Runtime.getRuntime().maxMemory();
        if (limits.decodingBytes() > heap / 2) {
            LOG.warn(
                    "Bodies that are decoded may take {} MB, more than half of the heap of {} MB: lower nowcast.limits.expanded or nowcast.limits.decoders, or raise -Xmx",
                    limits.decodingBytes() >> 20,
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
