package io.nowcast.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.ClientAbortException;

/**
 * Has every forecast be taken with a least rate, or drops its connection. Tomcat bounds only the
 * time between two packets, so that a client who reads a little now and then would hold the memory
 * of its answer for hours.
 */
final class AnswerPace {

    private final LimitProperties limits;
    private final NanoClock clock;

    AnswerPace(LimitProperties limits, NanoClock clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Writes an answer, whose headers are set.
     *
     * @throws ClientAbortException if the client takes it too slowly; the connection is closed then
     */
    void write(AnswerBytes answer, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        PacedAnswer client =
                new PacedAnswer(
                        response.getOutputStream(),
                        new Pace(limits.downloadRate(), limits.downloadGrace(), clock::nanoTime));
        try {
            answer.writeTo(client);
        } catch (PacedAnswer.SlowClientException slow) {
            ClientConnection.close(request, slow);
            throw new ClientAbortException(slow);
        }
    }
}
