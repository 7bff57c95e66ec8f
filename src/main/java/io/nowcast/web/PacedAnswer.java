package io.nowcast.web;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.springframework.util.unit.DataSize;

/**
 * An answer on its way to a client that must take it with a least rate. What counts is the time
 * that the service waits for the client, not what it takes to make the answer. Belongs to the
 * thread of the request.
 */
final class PacedAnswer extends OutputStream {

    /** As large as Tomcat's own buffer: within a piece nobody looks at the pace. */
    static final int PIECE = 8 * 1024;

    private final OutputStream client;
    private final DataSize leastRate;
    private final Duration grace;
    private final LongSupplier nanoClock;
    private long taken;
    private long waitedNanos;

    /**
     * Paces an answer.
     *
     * @param leastRate bytes a second, on average over the answer so far
     * @param grace waiting time before which the rate does not count
     */
    PacedAnswer(OutputStream client, DataSize leastRate, Duration grace, LongSupplier nanoClock) {
        this.client = client;
        this.leastRate = leastRate;
        this.grace = grace;
        this.nanoClock = nanoClock;
    }

    @Override
    public void write(int oneByte) throws IOException {
        write(new byte[] {(byte) oneByte});
    }

    /**
     * Writes as fast as the client takes it.
     *
     * @throws SlowClientException if it is slower than the least rate
     */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; done += PIECE) {
            int piece = Math.min(PIECE, length - done);
            long began = nanoClock.getAsLong();
            client.write(bytes, offset + done, piece);
            waitedNanos += nanoClock.getAsLong() - began;
            taken += piece;
            requirePace();
        }
    }

    private void requirePace() throws SlowClientException {
        double seconds = (double) waitedNanos / 1e9;
        if (waitedNanos > grace.toNanos()
                && (double) taken < seconds * (double) leastRate.toBytes()) {
            throw new SlowClientException(
                    "%d bytes of the answer were taken in %.1f s; expected at least %d bytes a second (nowcast.limits.download-rate) after %.1f s (nowcast.limits.download-grace)"
                            .formatted(
                                    taken,
                                    seconds,
                                    leastRate.toBytes(),
                                    (double) grace.toMillis() / 1e3));
        }
    }

    /** A client takes its answer too slowly. */
    static final class SlowClientException extends IOException {
        SlowClientException(String message) {
            super(message);
        }
    }
}
