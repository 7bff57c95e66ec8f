package io.nowcast.web;

import java.io.IOException;
import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;

/**
 * Tomcat's HTTP/1.1 on a connection, which also tells whether its client is there. Tomcat's own
 * look ({@code ActionCode.AVAILABLE}) reads into the buffer of the request, where it forgets the
 * beginning of a next request that came together with the end of this one's body.
 *
 * <p>Belongs to the thread of the request.
 */
final class WatchedProcessor extends Http11Processor {

    /** Where the request has its processor; Tomcat itself uses the first two. */
    private static final int NOTE = 8;

    WatchedProcessor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
        super(protocol, adapter);
        request.setNote(NOTE, this);
    }

    /** Whether the client of a request, whose body was read, has hung up. */
    static boolean isClientGone(Request request) {
        return request.getNote(NOTE) instanceof WatchedProcessor processor
                && processor.isClientGone();
    }

    /** Reads without waiting, into the socket's own buffer. */
    private boolean isClientGone() {
        try {
            getSocketWrapper().isReadyForRead();
            return false;
        } catch (IOException _) {
            return true;
        }
    }
}
