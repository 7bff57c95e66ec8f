package io.nowcast.web;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * The connection that a request came on, so that work for a client that has hung up can be dropped.
 * A client that only shut its sending side down counts as gone, as it does for most proxies.
 *
 * <p>Belongs to the thread of the request.
 */
final class ClientConnection {

    private static final String ATTRIBUTE = ClientConnection.class.getName();

    /** What Tomcat says is there to be read, once reading has met the end of the stream. */
    private static final int END_OF_STREAM = 1;

    private final org.apache.coyote.Request connection;

    private ClientConnection(org.apache.coyote.Request connection) {
        this.connection = connection;
    }

    /** Whether the client of a request, whose body was read, has hung up; until it is answered. */
    static boolean isGone(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof ClientConnection connection
                && connection.isGone();
    }

    /** Closes the connection of a request now: what of its answer was not sent yet never is. */
    static void close(HttpServletRequest request, IOException reason) {
        if (request.getAttribute(ATTRIBUTE) instanceof ClientConnection connection) {
            connection.connection.action(ActionCode.CLOSE_NOW, reason);
        }
    }

    /**
     * Has Tomcat try to read without waiting. At the end of the stream it says that one byte is
     * there, every time; what a client sends ahead of its next request it says only the first time.
     */
    private boolean isGone() {
        int first = available();
        int again = available();
        return first == END_OF_STREAM && again == END_OF_STREAM;
    }

    private int available() {
        connection.action(ActionCode.AVAILABLE, true);
        return connection.getAvailable();
    }

    /** Leaves the connection with each request. */
    static final class Valve extends ValveBase {

        Valve() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response)
                throws IOException, ServletException {
            request.setAttribute(ATTRIBUTE, new ClientConnection(request.getCoyoteRequest()));
            getNext().invoke(request, response);
        }
    }
}
