package io.nowcast.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that are made in the moments in which Tomcat itself would drop them. */
class DrainingProtocolTest {

    private final Tomcat tomcat = new Tomcat();
    private @TempDir Path folder;

    private Connector start(DrainingProtocol.Endpoint endpoint) throws Exception {
        Connector connector = new Connector(new DrainingProtocol(endpoint));
        connector.setPort(0);
        connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
        connector.setProperty("bindOnInit", "false");
        tomcat.setBaseDir(folder.toString());
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "fine", new Fine()).addMapping("/");
        tomcat.start();
        // The acceptor is at work.
        requireAnswer(asking(connector.getLocalPort()));
        return connector;
    }

    @AfterEach
    void stop() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }

    private static Socket asking(int port) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                                    .getBytes(US_ASCII));
            return socket;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static void requireAnswer(@Nullable Socket socket) throws IOException {
        try (Socket asked = Objects.requireNonNull(socket)) {
            assertThat(new String(asked.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 200");
        }
    }

    /** Tomcat has told its acceptor to end, and wakes it with a connection of its own. */
    @Test
    void theConnectionThatTheEndingAcceptorTakesIsAnswered() throws Exception {
        Client client = new Client();
        Connector connector =
                start(
                        new DrainingProtocol.Endpoint() {
                            @Override
                            protected void unlockAccept() {
                                client.ask(getLocalPort());
                                super.unlockAccept();
                            }
                        });

        connector.getProtocolHandler().closeServerSocketGraceful();

        requireAnswer(client.socket);
    }

    /** The kernel has established them, and nobody accepts any more. */
    @Test
    void aConnectionThatWaitsWhenThePortClosesIsAnswered() throws Exception {
        Client client = new Client();
        Connector connector =
                start(
                        new DrainingProtocol.Endpoint() {
                            @Override
                            protected void doCloseServerSocket() throws IOException {
                                client.ask(getLocalPort());
                                super.doCloseServerSocket();
                            }
                        });

        connector.getProtocolHandler().closeServerSocketGraceful();

        requireAnswer(client.socket);
    }

    /** Asks once, the first time it is told to. */
    private static final class Client {
        private @Nullable Socket socket;

        private void ask(int port) {
            if (socket == null) {
                socket = asking(port);
            }
        }
    }

    private static final class Fine extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            response.getWriter().print("fine");
        }
    }
}
