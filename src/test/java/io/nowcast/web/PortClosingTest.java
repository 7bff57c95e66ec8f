package io.nowcast.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Shutdown;

/** What is accepted, read in part or at work while the port closes. */
class PortClosingTest {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final Work work = new Work();
    private final CountDownLatch done = new CountDownLatch(1);
    private @Nullable TomcatWebServer server;
    private int port;

    private PortClosing start(Duration settling) {
        PortClosing closing = new PortClosing(new ShutdownProperties(Duration.ZERO, settling));
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
        factory.setShutdown(Shutdown.GRACEFUL);
        closing.customize(factory);
        server =
                (TomcatWebServer)
                        factory.getWebServer(
                                context -> context.addServlet("work", work).addMapping("/"));
        server.start();
        port = server.getPort();
        closing.start();
        return closing;
    }

    private TomcatWebServer server() {
        return requireNonNull(server);
    }

    @AfterEach
    void stop() {
        work.end.countDown();
        server().stop();
        server().destroy();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }

    /** Until the service has accepted all connections made before: it does so in their order. */
    private void awaitAccepted() throws IOException {
        try (Socket later = connect()) {
            send(later, REQUEST.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
            assertThat(answer(later)).contains(" 200");
        }
    }

    private boolean isQuiet() {
        return ((DrainingProtocol) server().getTomcat().getConnector().getProtocolHandler())
                .isQuiet(Duration.ZERO);
    }

    private void awaitDone() throws InterruptedException {
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aConnectionWithoutARequestHasTimeForOne() throws Exception {
        PortClosing closing = start(Duration.ofSeconds(2));
        try (Socket accepted = connect()) {
            awaitAccepted();

            closing.stop(done::countDown);

            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            send(accepted, REQUEST);
            assertThat(answer(accepted)).startsWith("HTTP/1.1 200").contains("Connection: close");
            awaitDone();
            assertThat(closing.isRunning()).isFalse();
        }
    }

    /** Nobody waits longer for a client that says nothing. */
    @Test
    void aSilentConnectionIsNotAwaited() throws Exception {
        PortClosing closing = start(Duration.ZERO);
        try (Socket _ = connect()) {
            awaitAccepted();

            closing.stop(done::countDown);

            awaitDone();
        }
    }

    @Test
    void aRequestReadInPartIsAwaited() throws Exception {
        PortClosing closing = start(Duration.ZERO);
        try (Socket accepted = connect()) {
            awaitAccepted();
            send(accepted, REQUEST.substring(0, 20));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (isQuiet() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }

            closing.stop(done::countDown);

            assertThat(done.getCount()).isOne();
            send(accepted, REQUEST.substring(20));
            assertThat(answer(accepted)).startsWith("HTTP/1.1 200");
            awaitDone();
        }
    }

    /** A client that keeps several connections, and goes on while one has a long request. */
    @Test
    void aKeptConnectionServesAsLongAsAnotherIsAtWork() throws Exception {
        PortClosing closing = start(Duration.ZERO);
        try (Socket busy = connect();
                Socket kept = connect()) {
            send(busy, REQUEST.replace("/ ", "/long "));
            assertThat(work.begun.await(10, TimeUnit.SECONDS)).isTrue();
            awaitAccepted();

            closing.stop(done::countDown);

            send(kept, REQUEST);
            assertThat(answer(kept)).startsWith("HTTP/1.1 200").contains("Connection: close");
            assertThat(done.getCount()).isOne();
            work.end.countDown();
            assertThat(new String(busy.getInputStream().readNBytes(12), US_ASCII))
                    .isEqualTo("HTTP/1.1 200");
            awaitDone();
        }
    }

    /** Why there is this class. If a Tomcat comes that answers here, it may go. */
    @Test
    void isDroppedByTheShutdownOfTomcatAlone() throws Exception {
        start(Duration.ZERO);
        try (Socket accepted = connect()) {
            awaitAccepted();

            server().shutDownGracefully(_ -> {});

            assertThat(isUnanswered(accepted)).isTrue();
        }
    }

    /** Whether a request's connection ends without a byte. */
    private static boolean isUnanswered(Socket socket) throws IOException {
        try {
            send(socket, REQUEST);
            return socket.getInputStream().read() < 0;
        } catch (SocketException _) {
            return true;
        }
    }

    private static final class Work extends HttpServlet {
        private static final long serialVersionUID = 1;

        private final transient CountDownLatch begun = new CountDownLatch(1);
        private final transient CountDownLatch end = new CountDownLatch(1);

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            if (request.getRequestURI().equals("/long")) {
                begun.countDown();
                try {
                    end.await();
                } catch (InterruptedException problem) {
                    throw new InterruptedIOException(problem.getMessage());
                }
            }
            response.getWriter().print("fine");
        }
    }
}
