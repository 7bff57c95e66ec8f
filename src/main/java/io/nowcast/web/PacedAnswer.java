package io.nowcast.web;

import java.io.IOException;
import java.io.OutputStream;

/**
 * An answer on its way to a client that must take it with a least rate. Belongs to the thread of
 * the request.
 */
final class PacedAnswer extends OutputStream {

    /** As large as Tomcat's own buffer: within a piece nobody looks at the pace. */
    static final int PIECE = 8 * 1024;

    private final OutputStream client;
    private final Pace pace;

    /** Paces an answer, whose bytes are taken with the pace. */
    PacedAnswer(OutputStream client, Pace pace) {
        this.client = client;
        this.pace = pace;
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
            pace.waitBegins();
            client.write(bytes, offset + done, piece);
            pace.waitEnds(piece);
            if (pace.isTooSlow()) {
                throw new SlowClientException(pace.told("of the answer were taken", "download"));
            }
        }
    }

    /** A client takes its answer too slowly. */
    static final class SlowClientException extends IOException {
        SlowClientException(String message) {
            super(message);
        }
    }
}
