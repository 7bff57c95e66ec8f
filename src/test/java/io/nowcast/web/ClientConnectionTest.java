package io.nowcast.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests to a servlet that looks for its client before it answers. */
@Timeout(60)
class ClientConnectionTest {

    private static final String BODY =
            "POST /%s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody";
    private static final String LAST =
            "GET /looks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private final Tomcat tomcat = new Tomcat();
    private final Connector connector = new Connector(new DrainingProtocol());
    private @TempDir Path folder;

    @BeforeEach
    void start() throws Exception {
        connector.setPort(0);
        connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
        tomcat.setBaseDir(folder.toString());
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        context.getParent().getPipeline().addValve(new ClientConnection.Valve());
        Tomcat.addServlet(context, "looks", new Looking(2)).addMapping("/looks");
        Tomcat.addServlet(context, "waits", new Looking(Integer.MAX_VALUE)).addMapping("/waits");
        tomcat.start();
    }

    @AfterEach
    void stop() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }

    private Socket sent(String requests) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write(requests.getBytes(US_ASCII));
        return socket;
    }

    private static String answers(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }

    @Test
    void aRequestThatCameTogetherWithTheOneBeforeIsAnswered() throws IOException {
        try (Socket socket = sent(BODY.formatted("looks") + LAST)) {
            assertThat(answers(socket).split("HTTP/1.1 200", -1))
                    .hasSize(3)
                    .allMatch(answer -> answer.isEmpty() || answer.endsWith("there"));
        }
    }

    @Test
    void aClientThatSendsNoMoreIsGone() throws IOException {
        try (Socket socket = sent(BODY.formatted("waits"))) {
            socket.shutdownOutput();

            assertThat(answers(socket)).startsWith("HTTP/1.1 200").endsWith("gone");
        }
    }

    /** Reads the body and looks for the client until it is gone, at most so many times. */
    private static final class Looking extends HttpServlet {
        private static final long serialVersionUID = 1;

        private final int looks;

        private Looking(int looks) {
            this.looks = looks;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            request.getInputStream().readAllBytes();
            boolean gone = false;
            for (int look = 0; look < looks && !gone; look++) {
                gone = ClientConnection.isGone(request);
            }
            response.getOutputStream().print(gone ? "gone" : "there");
        }
    }
}
