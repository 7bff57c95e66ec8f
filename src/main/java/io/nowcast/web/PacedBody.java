package io.nowcast.web;

import java.io.IOException;
import java.net.SocketTimeoutException;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.springframework.http.HttpStatus;

/**
 * A request's body on its way out of Tomcat's connector, which must come with a least rate. Belongs
 * to the thread of the request.
 */
final class PacedBody implements InputBuffer {

    private final InputBuffer body;
    private final Pace pace;
    private boolean begun;
    private boolean ended;

    /** Paces a body, whose bytes come with the pace. */
    PacedBody(InputBuffer body, Pace pace) {
        this.body = body;
        this.pace = pace;
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
        pace.waitBegins();
        int read;
        try {
            read = body.doRead(handler);
        } catch (SocketTimeoutException _) {
            throw new BodyException(
                    HttpStatus.REQUEST_TIMEOUT,
                    "after %d bytes no more of the body came within server.tomcat.connection-timeout"
                            .formatted(pace.bytes()));
        }
        pace.waitEnds(Math.max(0, read));
        if (read < 0) {
            ended = true;
        } else {
            requirePace();
        }
        return read;
    }

    private void requirePace() {
        if (pace.isTooSlow()) {
            throw new BodyException(
                    HttpStatus.REQUEST_TIMEOUT, pace.told("of the body came", "upload"));
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
