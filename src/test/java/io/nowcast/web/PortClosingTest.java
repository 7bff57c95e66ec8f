package io.nowcast.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.server.WebServer;

/** A connection that was accepted, and a request that comes while the port closes. */
class PortClosingTest {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final PortClosing closing =
            new PortClosing(new ShutdownProperties(Duration.ZERO, Duration.ofSeconds(2)));
    private WebServer server;
    private int port;

    @BeforeEach
    void start() {
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
        factory.setShutdown(Shutdown.GRACEFUL);
        closing.customize(factory);
        server =
                factory.getWebServer(
                        context -> context.addServlet("ok", new Fine()).addMapping("/"));
        server.start();
        port = server.getPort();
        closing.start();
    }

    @AfterEach
    void stop() {
        server.stop();
        server.destroy();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String ask(Socket socket) throws IOException {
        socket.getOutputStream().write(REQUEST.getBytes(US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }

    /** Until the service has accepted all connections made before: it does so in their order. */
    private void awaitAccepted() throws IOException {
        try (Socket later = connect()) {
            later.getOutputStream()
                    .write(
                            REQUEST.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
                                    .getBytes(US_ASCII));
            assertThat(new String(later.getInputStream().readAllBytes(), US_ASCII))
                    .contains(" 200");
        }
    }

    @Test
    void isAnsweredAndToldToClose() throws Exception {
        try (Socket accepted = connect()) {
            awaitAccepted();
            CountDownLatch done = new CountDownLatch(1);

            closing.stop(done::countDown);

            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            assertThat(ask(accepted)).startsWith("HTTP/1.1 200").contains("Connection: close");
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(closing.isRunning()).isFalse();
        }
    }

    /** Why there is this class. If a Tomcat comes that answers here, it may go. */
    @Test
    void isDroppedByTheShutdownOfTomcatAlone() throws Exception {
        try (Socket accepted = connect()) {
            awaitAccepted();

            server.shutDownGracefully(_ -> {});

            assertThat(unanswered(accepted)).isTrue();
        }
    }

    /** Whether a request's connection ends without a byte. */
    private static boolean unanswered(Socket socket) throws IOException {
        try {
            socket.getOutputStream().write(REQUEST.getBytes(US_ASCII));
            return socket.getInputStream().read() < 0;
        } catch (SocketException _) {
            return true;
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
