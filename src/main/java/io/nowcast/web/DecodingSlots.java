package io.nowcast.web;

import io.nowcast.codec.DecodedFrames;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the bodies that are decoded at once. Until a body is decoded only the codec's own limits
 * bound what it expands to, and more decoders than processors gain nothing.
 */
final class DecodingSlots {

    private static final Logger LOG = LoggerFactory.getLogger(DecodingSlots.class);

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
     * @throws InterruptedException if the waiting thread is interrupted
     */
    DecodedFrames decode(Supplier<DecodedFrames> decoding) throws InterruptedException {
        free.acquire();
        try {
            return decoding.get();
        } finally {
            free.release();
        }
    }
}
