package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** A service that finds weights which end in the middle, are empty, or cannot be read. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"nowcast.devices=cpu", "nowcast.cpu.workers=1"})
@Timeout(180)
class BrokenWeightsTest {

    private static final String WEIGHTS = "weights.safetensors";

    @TempDir private static Path models;

    @LocalServerPort private int port;

    @DynamicPropertySource
    static void models(DynamicPropertyRegistry registry) throws IOException {
        for (String name : new String[] {"sound", "truncated", "empty", "unreadable"}) {
            new ChangingModel(models.resolve(name)).write(1);
        }
        Path truncated = models.resolve("truncated").resolve(WEIGHTS);
        byte[] whole = Files.readAllBytes(truncated);
        Files.write(truncated, Arrays.copyOf(whole, whole.length / 2));
        Files.write(models.resolve("empty").resolve(WEIGHTS), new byte[0]);
        // A folder cannot be read by anyone; what only permissions forbid, root may read.
        Path unreadable = models.resolve("unreadable").resolve(WEIGHTS);
        Files.delete(unreadable);
        Files.createDirectory(unreadable);
        registry.add("nowcast.models.directory", models::toString);
    }

    @Test
    void listsThemWithTheReasonAndServesTheOthers() {
        ServiceClient service = new ServiceClient(port);
        Body frames = EncodedEvent.sample().npy("u8");
        JsonNode broken = service.get("/models").json().get("broken");

        assertThat(broken.propertyNames())
                .containsExactlyInAnyOrder("truncated", "empty", "unreadable");
        for (String name : broken.propertyNames()) {
            assertThat(broken.get(name).asString()).contains("weights");
            assertThat(service.forecast("model=" + name, frames).status()).isEqualTo(404);
        }
        assertThat(service.forecast("steps=1", frames).status()).isEqualTo(200);
        assertThat(service.forecast("steps=1&model=sound", frames).status()).isEqualTo(200);
        assertThat(service.get("/actuator/health/readiness").status()).isEqualTo(200);
    }
}
