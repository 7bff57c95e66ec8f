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
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** A service with room for one request, and a client that takes it and does not go on. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"nowcast.devices=cpu", "nowcast.queue.capacity=1"})
@Timeout(60)
class BusyServiceTest {

    private static final byte[] JSON = "{}".getBytes(StandardCharsets.US_ASCII);

    @LocalServerPort private int port;

    @Test
    void tellsFurtherClientsToComeBackAndServesThemOnceThereIsRoom() throws IOException {
        ServiceClient service = new ServiceClient(port);
        Body body = EncodedEvent.sample().npy("u8");
        List<Socket> stalled = new ArrayList<>();
        try {
            // Either of two requests that come together takes the slot: until a stalled one has it.
            Answer refused;
            do {
                stalled.add(stall());
                refused = service.forecast("steps=1", body);
            } while (refused.status() == 200);

            isProblemLike(service.forecast("steps=0", body), refused);
            assertThat(
                            service.raw(
                                    "POST /forecast HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 9999\r\n\r\n"))
                    .as("refused before it has sent its body")
                    .startsWith("HTTP/1.1 503")
                    .contains("nowcast.queue.capacity");
            Answer error =
                    service.post(
                            "/v2/models/radar-convgru/infer", Body.of("application/json", JSON));
            assertThat(error.status()).isEqualTo(503);
            assertThat(error.header("Content-Type")).isEqualTo("application/json");
            assertThat(error.header("Retry-After")).matches("[1-9]\\d*");
            assertThat(error.json().propertyNames()).containsExactly("error");
            assertThat(error.json().get("error").asString()).contains("nowcast.queue.capacity");
            assertThat(service.get("/actuator/health/readiness").status()).isEqualTo(200);
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }

        Answer served = service.forecast("steps=1", body);
        while (served.status() == 503) {
            served = service.forecast("steps=1", body);
        }
        assertThat(served.status()).isEqualTo(200);
    }

    /** Told like a failure that goes through Spring's handling of exceptions. */
    private static void isProblemLike(Answer other, Answer refused) {
        JsonNode problem = refused.json();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).matches("[1-9]\\d*");
        assertThat(refused.header("Content-Type"))
                .isEqualTo("application/problem+json")
                .isEqualTo(other.header("Content-Type"));
        assertThat(List.copyOf(problem.propertyNames()))
                .containsExactlyInAnyOrderElementsOf(other.json().propertyNames());
        assertThat(problem.get("type").asString()).isEqualTo("urn:nowcast:problem:503");
        assertThat(problem.get("title").asString()).isEqualTo("Service Unavailable");
        assertThat(problem.get("status").asInt()).isEqualTo(503);
        assertThat(problem.get("detail").asString()).contains("nowcast.queue.capacity");
        assertThat(problem.get("instance").asString()).isEqualTo("/forecast");
        assertThat(problem.get("requestId").asString()).isEqualTo(refused.header("X-Request-Id"));
    }

    private Socket stall() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream()
                .write(
                        "POST /forecast HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-npy\r\nContent-Length: 9999\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
