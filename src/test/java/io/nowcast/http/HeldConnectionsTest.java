package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

/**
 * Clients that take every connection there is and send nothing further. Connections are few here;
 * the default is 8192.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "nowcast.devices=cpu",
            "management.server.port=0",
            "server.tomcat.max-connections=400",
            "server.tomcat.connection-timeout=4s"
        })
@Timeout(120)
class HeldConnectionsTest {

    private static final int ALMOST_ALL = 380;
    private static final int MORE_THAN_ALL = 500;

    @LocalServerPort private int port;
    @LocalManagementPort private int managementPort;

    @Test
    void oneThatIsLeftIsServedAndSoIsTheManagementPortWhenNoneIs() throws IOException {
        Body frames = EncodedEvent.sample().npy("u8");
        ServiceClient service = new ServiceClient(port);
        List<Socket> held = new ArrayList<>();
        try {
            hold(ALMOST_ALL, held);
            // Each of them has a virtual thread that waits for its bytes; none holds a processor.
            assertThat(service.forecast("steps=1", frames).status()).isEqualTo(200);

            hold(MORE_THAN_ALL, held);
            assertThat(new ServiceClient(managementPort).get("/actuator/health/liveness").status())
                    .isEqualTo(200);
            // Waits until connections end that brought nothing for
            // server.tomcat.connection-timeout.
            assertThat(service.forecast("steps=1", frames).status()).isEqualTo(200);
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    /** Opens connections until there are so many, each with half of a request's headers. */
    private void hold(int connections, List<Socket> held) throws IOException {
        while (held.size() < connections) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            held.add(socket);
            socket.getOutputStream()
                    .write(
                            "POST /forecast HTTP/1.1\r\nHost: localhost\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
        }
    }
}
