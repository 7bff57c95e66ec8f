package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.testing.BundledModel;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** What clients see of number formats: the bundled model in each. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "nowcast.devices=cpu",
            "nowcast.models.bundled=false",
            "nowcast.models.default-model=exact"
        })
class ReducedPrecisionTest {

    @TempDir private static Path models;

    @LocalServerPort private int port;

    @DynamicPropertySource
    static void modelFolders(DynamicPropertyRegistry registry) throws IOException {
        folder("exact", "");
        folder("reduced", "precision: {format: bf16, tolerance: 0.05}");
        folder("fallen-back", "precision: {format: bf16, tolerance: 1.0e-7, otherwise: float32}");
        folder("too-strict", "precision: {format: bf16, tolerance: 1.0e-7}");
        registry.add("nowcast.models.directory", models::toString);
    }

    private static void folder(String name, String precision) throws IOException {
        BundledModel.copy(models, name, manifest -> manifest + "\n" + precision + "\n");
    }

    @Test
    void modelsTellTheirFormatAndItsError() {
        ServiceClient service = new ServiceClient(port);
        JsonNode exact = service.get("/models/exact").json();
        JsonNode reduced = service.get("/models/reduced").json();
        JsonNode fallenBack = service.get("/models/fallen-back").json();

        assertThat(exact.get("precision").asString()).isEqualTo("float32");
        assertThat(exact.get("precisionError").isNull()).isTrue();
        assertThat(reduced.get("precision").asString()).isEqualTo("bf16");
        assertThat(reduced.get("precisionError").get("largest").asDouble()).isBetween(1e-5, 0.05);
        assertThat(fallenBack.get("precisionAsked").asString()).isEqualTo("bf16");
        assertThat(fallenBack.get("precision").asString()).isEqualTo("float32");
        assertThat(service.get("/models").json().get("broken").get("too-strict").asString())
                .contains("bf16 differs from float32 by", "precision.tolerance is 1.0e-07");
    }
}
