package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.forecast.Admission;
import io.nowcast.forecast.Caller;
import io.nowcast.forecast.ForecastService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A started service whose only decoder is busy with a body for as long as the test wants. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"nowcast.devices=cpu", "nowcast.limits.decoders=1"})
@Timeout(60)
class DecodingSlotsTest {

    @LocalServerPort private int port;
    @Autowired private DecodingSlots decoders;
    @Autowired private ForecastService forecasts;

    @Test
    void aRequestThatWaitsForItsTurnKeepsItsDeadline() throws IOException, InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Thread other = Thread.ofVirtual().start(() -> decode(begun, ended));
        begun.await();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://localhost:%d/forecast?timeout=PT2S"
                                                            .formatted(port)))
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[100]))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.body()).contains("PT2S");
        } finally {
            ended.countDown();
            other.join();
        }
    }

    private void decode(CountDownLatch begun, CountDownLatch ended) {
        Caller caller = new Caller("other", 3, () -> false);
        try (Admission admission =
                forecasts.admit(Optional.empty(), caller, Optional.empty(), 100)) {
            decoders.decode(
                    admission,
                    () -> {
                        begun.countDown();
                        try {
                            ended.await();
                        } catch (InterruptedException _) {
                            Thread.currentThread().interrupt();
                        }
                        return begun;
                    });
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
