package io.nowcast.web;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.Acceptor.AcceptorState;
import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's HTTP/1.1 with a port that closes without dropping a connection. Tomcat itself ends its
 * acceptor first, closes the connection that this one has just taken, and then closes the port over
 * those that the kernel has established meanwhile. Here both kinds are taken over and served.
 *
 * <p>Public, with a public constructor, because Tomcat makes it by its name.
 */
public final class DrainingProtocol extends Http11NioProtocol {

    private final Endpoint endpoint;

    public DrainingProtocol() {
        this(new Endpoint());
    }

    DrainingProtocol(Endpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected Processor createProcessor() {
        return new WatchedProcessor(this, getAdapter());
    }

    /**
     * Whether nothing is lost if all connections are closed now: each waits for a request, has sent
     * no part of one, and has done so for the given time.
     */
    boolean isQuiet(Duration settling) {
        return endpoint.isQuiet(settling);
    }

    /*
     * `registering` belongs to the thread that accepts: the acceptor until it has ended, then the one that closes the
     * port. What it reads of connections is written by the poller and by request threads without a lock, so that a look at
     * one of them may be outdated by a moment; that moment is what the settling time is longer than.
     */

    /** Takes over what Tomcat would drop. */
    static class Endpoint extends NioEndpoint {

        private @Nullable SocketChannel registering;

        @Override
        protected boolean setSocketOptions(SocketChannel socket) {
            registering = socket;
            return super.setSocketOptions(socket);
        }

        /**
         * Told of connections that could not be set up, and of those that came while the acceptor
         * ended.
         */
        @Override
        protected void destroySocket(SocketChannel socket) {
            boolean failed = socket.equals(registering);
            if (failed || isPaused()) {
                super.destroySocket(socket);
            } else {
                serve(socket);
            }
        }

        @Override
        protected void doCloseServerSocket() throws IOException {
            if (isRunning()
                    && !isPaused()
                    && acceptor.getState() == AcceptorState.ENDED
                    && getServerSocket() instanceof ServerSocketChannel port) {
                serveWaiting(port);
            }
            super.doCloseServerSocket();
        }

        /** Closing the port would reset connections that are in the kernel's queue. */
        private void serveWaiting(ServerSocketChannel port) throws IOException {
            port.configureBlocking(false);
            int room = getMaxConnections();
            SocketChannel socket = port.accept();
            while (socket != null) {
                serve(socket);
                room--;
                socket = room > 0 ? port.accept() : null;
            }
        }

        private void serve(SocketChannel socket) {
            if (!setSocketOptions(socket)) {
                closeSocket(socket);
            }
        }

        boolean isQuiet(Duration settling) {
            long before = System.currentTimeMillis() - settling.toMillis();
            return !isRunning()
                    || getConnections().stream()
                            .map(NioSocketWrapper.class::cast)
                            .allMatch(connection ->
                                    // The poller waits for its next bytes, and no half request is
                                    // kept.
                                    connection.interestOpsHas(SelectionKey.OP_READ)
                                            && connection.getCurrentProcessor() == null
                                            && connection.getLastRead() <= before
                                            && connection.getLastWrite() <= before);
        }
    }
}
