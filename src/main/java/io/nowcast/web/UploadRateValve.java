package io.nowcast.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.springframework.util.unit.DataSize;

/**
 * Has every body come with a least rate, the ones of multipart requests too, which Tomcat itself
 * reads. Tomcat bounds only the time between two packets, so that a byte every few seconds would
 * hold a request's place for days; and it would go on reading the rest of a body that was refused
 * for as long. A rest is read here, at the same pace, or the connection closed.
 */
final class UploadRateValve extends ValveBase {

    private final DataSize leastRate;
    private final Duration grace;
    private final LongSupplier nanoClock;

    UploadRateValve(DataSize leastRate, Duration grace, LongSupplier nanoClock) {
        super(true);
        this.leastRate = leastRate;
        this.grace = grace;
        this.nanoClock = nanoClock;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        org.apache.coyote.Request connection = request.getCoyoteRequest();
        InputBuffer unpaced = connection.getInputBuffer();
        PacedBody body = new PacedBody(unpaced, new Pace(leastRate, grace, nanoClock));
        connection.setInputBuffer(body);
        try {
            getNext().invoke(request, response);
            if (!body.ended() && hasBody(connection) && wasSent(connection, body)) {
                response.finishResponse();
                readRest(connection, body);
            }
        } finally {
            connection.setInputBuffer(unpaced);
        }
    }

    private static boolean hasBody(org.apache.coyote.Request connection) {
        try {
            return connection.getHeader("Transfer-Encoding") != null
                    || connection.getContentLengthLong() > 0;
        } catch (IllegalArgumentException _) {
            // It is no number, or there are two: Tomcat has refused it, and closes the connection.
            return false;
        }
    }

    /** A client that asks before it sends a body sends none that nobody read. */
    private static boolean wasSent(org.apache.coyote.Request connection, PacedBody body) {
        return !connection.hasExpectation() || body.begun();
    }

    private static void readRest(org.apache.coyote.Request connection, PacedBody body) {
        try {
            Discarded rest = new Discarded();
            for (int read = body.doRead(rest); read >= 0; read = body.doRead(rest)) {
                rest.clear();
            }
        } catch (BodyException | IOException | IllegalArgumentException _) {
            // The last of a request that Tomcat refused within its headers, which it reads on.
            connection.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }

    /** Where bytes go that nobody wants. */
    private static final class Discarded implements ApplicationBufferHandler {

        private ByteBuffer bytes = ByteBuffer.allocate(0);

        @Override
        public void setByteBuffer(ByteBuffer buffer) {
            bytes = buffer;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return bytes;
        }

        @Override
        public void expand(int size) {
            // Nothing is kept.
        }

        void clear() {
            bytes = ByteBuffer.allocate(0);
        }
    }
}
