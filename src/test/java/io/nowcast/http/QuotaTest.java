package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A service whose clients may have three requests an hour, and pixels for two of the sample. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "nowcast.devices=cpu",
            "nowcast.quota.requests=3",
            "nowcast.quota.pixels=60000",
            "nowcast.quota.period=1h"
        })
class QuotaTest {

    @LocalServerPort private int port;

    /** 5 frames in and 1 out of 64x64 are 24 576 pixels. */
    @Test
    void isTakenToldAndThenRefused() {
        ServiceClient service = new ServiceClient(port);
        Body frames = EncodedEvent.sample().npy("u8");

        Answer first = service.forecast("steps=1", frames);
        assertThat(first.status()).as(first.text()).isEqualTo(200);
        assertThat(first.header("RateLimit-Policy"))
                .isEqualTo(
                        "\"requests\";q=3;w=3600;qu=\"requests\", \"pixels\";q=60000;w=3600;qu=\"pixels\"");
        assertThat(first.header("RateLimit"))
                .matches("\"requests\";r=2;t=1[0-9]{3}, \"pixels\";r=354[0-9]{2};t=14[0-9]{2}");
        // What is asked for counts too: 5 in and 12 out are 69 632.
        assertThat(service.forecast("", frames).status()).isEqualTo(413);
        // An address cannot be made up, since no proxy is trusted.
        Answer third = service.forecast("steps=1", frames, "X-Forwarded-For", "203.0.113.9");
        assertThat(third.status()).isEqualTo(200);
        Answer fourth = service.forecast("steps=1", frames, "X-Forwarded-For", "203.0.113.10");
        assertThat(fourth.status()).isEqualTo(429);
        assertThat(fourth.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(Long.parseLong(fourth.header("Retry-After"))).isBetween(1100L, 1200L);
        assertThat(fourth.json().get("detail").asString()).contains("nowcast.quota.requests");
        assertThat(fourth.header("RateLimit")).contains("\"requests\";r=0");
        // By the other protocol it is the same quota, and what costs nothing is not counted.
        assertThat(
                        service.post(
                                        "/v2/models/radar-convgru/infer",
                                        Body.of("application/json", new byte[] {'{'}))
                                .status())
                .isEqualTo(429);
        assertThat(service.get("/models").status()).isEqualTo(200);
    }
}
