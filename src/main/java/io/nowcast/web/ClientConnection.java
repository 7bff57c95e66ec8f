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

    private final org.apache.coyote.Request connection;

    private ClientConnection(org.apache.coyote.Request connection) {
        this.connection = connection;
    }

    /** Whether the client of a request, whose body was read, has hung up; until it is answered. */
    static boolean isGone(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof ClientConnection connection
                && WatchedProcessor.isClientGone(connection.connection);
    }

    /** Closes the connection of a request now: what of its answer was not sent yet never is. */
    static void close(HttpServletRequest request, IOException reason) {
        if (request.getAttribute(ATTRIBUTE) instanceof ClientConnection connection) {
            connection.connection.action(ActionCode.CLOSE_NOW, reason);
        }
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
