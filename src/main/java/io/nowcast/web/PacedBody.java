package io.nowcast.web;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;

/**
 * A request's body on its way out of Tomcat's connector, which must come with a least rate. What
 * counts is the time that the service waits for bytes, not what it takes to look at them. Belongs
 * to the thread of the request.
 */
final class PacedBody implements InputBuffer {

    private final InputBuffer body;
    private final DataSize leastRate;
    private final Duration grace;
    private final LongSupplier nanoClock;
    private long received;
    private long waitedNanos;
    private boolean begun;
    private boolean ended;

    /**
     * Paces a body.
     *
     * @param leastRate bytes a second, on average over the whole body so far
     * @param grace waiting time before which the rate does not count
     */
    PacedBody(InputBuffer body, DataSize leastRate, Duration grace, LongSupplier nanoClock) {
        this.body = body;
        this.leastRate = leastRate;
        this.grace = grace;
        this.nanoClock = nanoClock;
    }

    /**
     * The next bytes.
     *
     * @return their number, -1 at the end
     * @throws BodyException 408 if they come too slowly, or do not come
     */
    @Override
    public int doRead(ApplicationBufferHandler handler) throws IOException {
        begun = true;
        long began = nanoClock.getAsLong();
        int read;
        try {
            read = body.doRead(handler);
        } catch (SocketTimeoutException _) {
            throw new BodyException(
                    HttpStatus.REQUEST_TIMEOUT,
                    "after %d bytes no more of the body came within server.tomcat.connection-timeout"
                            .formatted(received));
        }
        waitedNanos += nanoClock.getAsLong() - began;
        if (read < 0) {
            ended = true;
        } else {
            received += read;
            requirePace();
        }
        return read;
    }

    private void requirePace() {
        double seconds = (double) waitedNanos / 1e9;
        if (waitedNanos > grace.toNanos()
                && (double) received < seconds * (double) leastRate.toBytes()) {
            throw new BodyException(
                    HttpStatus.REQUEST_TIMEOUT,
                    "%d bytes of the body came in %.1f s; expected at least %d bytes a second (nowcast.limits.upload-rate) after %.1f s (nowcast.limits.upload-grace)"
                            .formatted(
                                    received,
                                    seconds,
                                    leastRate.toBytes(),
                                    (double) grace.toMillis() / 1e3));
        }
    }

    /** Whether any of it was asked for. */
    boolean begun() {
        return begun;
    }

    /** Whether the whole body was read. */
    boolean ended() {
        return ended;
    }

    @Override
    public int available() {
        return body.available();
    }
}
