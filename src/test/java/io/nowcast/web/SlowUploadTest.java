package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/** A started service to whose clock every wait for bytes of a body takes a minute. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "nowcast.devices=cpu")
@Import(SlowClock.class)
@Timeout(300)
class SlowUploadTest {

    private static final int PROMISED = 1_000_000;
    private static final int SENT = 500_000;

    @LocalServerPort private int port;

    /**
     * Half of a body comes and the rest does not. The client is told why, and its connection ends.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/forecast application/x-npy",
                "/forecast multipart/form-data; boundary=b",
                "/v2/models/radar-convgru/infer application/json",
                // Nobody reads these: the rest of a refused body is not waited for either.
                "/forecast text/plain",
                "/models application/json"
            })
    void isToldAndItsConnectionEnds(String target) throws IOException {
        String[] parts = target.split(" ", 2);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(
                            "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n--b\r\n"
                                    .formatted(parts[0], parts[1], PROMISED)
                                    .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[SENT]);
            String answer = untilItEnds(socket.getInputStream());

            boolean read = !parts[1].startsWith("text") && !parts[0].equals("/models");
            assertThat(answer)
                    .startsWith(
                            "HTTP/1.1 "
                                    + (read ? "408" : parts[0].equals("/models") ? "405" : "415"));
            if (read) {
                assertThat(answer).contains("nowcast.limits.upload-rate");
            }
        }
    }

    /** A connection with bytes that nobody read ends with a reset; what came before it counts. */
    private static String untilItEnds(InputStream in) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            in.transferTo(answer);
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        return answer.toString(StandardCharsets.UTF_8);
    }
}
