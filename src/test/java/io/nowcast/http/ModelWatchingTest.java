package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/**
 * A started service that watches its models directory, in which a model lies as Kubernetes mounts a
 * ConfigMap: files are links into a folder that one more link names.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "nowcast.devices=cpu",
            "nowcast.cpu.workers=1",
            "nowcast.models.bundled=false",
            "nowcast.models.default-model=mounted",
            "nowcast.models.watch=true",
            "nowcast.models.poll=20ms",
            "nowcast.models.settle=100ms"
        })
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ModelWatchingTest {

    private static final Body FRAMES = EncodedEvent.sample().npy("u8");

    @TempDir private static Path models;

    @LocalServerPort private int port;

    @DynamicPropertySource
    static void models(DynamicPropertyRegistry registry) throws IOException {
        Path folder = Files.createDirectory(models.resolve("mounted"));
        mount(folder, "..first", 1);
        for (String file : new String[] {"model.yaml", "weights.safetensors"}) {
            Files.createSymbolicLink(folder.resolve(file), Path.of("..data", file));
        }
        registry.add("nowcast.models.directory", models::toString);
    }

    /** Writes a version and moves the link to it, as a kubelet does. */
    private static void mount(Path folder, String version, float factor) {
        try {
            new ChangingModel(folder.resolve(version)).write(factor);
            Path link = folder.resolve("..data_tmp");
            Files.createSymbolicLink(link, Path.of(version));
            Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    @Test
    @Order(1)
    void servesTheFilesThatALinkWasMovedTo() {
        Answer before = ask("mounted");
        mount(models.resolve("mounted"), "..second", 0.5f);

        JsonNode model = awaitGeneration("mounted", 2);

        assertThat(model.get("digest").asString())
                .isNotEqualTo(before.header("Nowcast-Model-Digest"));
        assertThat(model.get("lastChange").get("kind").asString()).isEqualTo("watch");
        assertThat(ask("mounted").header("Nowcast-Model-Digest"))
                .isEqualTo(model.get("digest").asString());
    }

    @Test
    @Order(2)
    void refusesABrokenChangeOnceAndServesWhatComesAfterIt() throws IOException {
        Path folder = models.resolve("mounted");
        new ChangingModel(folder.resolve("..third")).write(0.25f);
        Files.writeString(folder.resolve("..third/model.yaml"), "weights: 1");
        Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..third"));
        Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

        JsonNode refused;
        do {
            refused = service().get("/models/mounted").json();
        } while (!refused.get("lastChange").get("state").asString().equals("refused"));
        assertThat(refused.get("generation").asInt()).isEqualTo(2);
        assertThat(refused.get("lastChange").get("reason").asString()).contains("model.yaml");
        assertThat(ask("mounted").status()).isEqualTo(200);
        assertThat(service().get("/actuator/prometheus").text())
                .contains("nowcast_models_broken 1");

        mount(folder, "..fourth", 0.125f);
        awaitGeneration("mounted", 3);
        assertThat(service().get("/actuator/prometheus").text())
                .contains(
                        "nowcast_models_broken 0",
                        "nowcast_model_change_seconds_count{kind=\"watch\",model=\"mounted\",outcome=\"refused\"} 1",
                        "nowcast_model_change_seconds_count{kind=\"watch\",model=\"mounted\",outcome=\"served\"} 2");
    }

    @Test
    @Order(3)
    void servesANewFolderAndServesItOnWhenItIsGone() throws IOException {
        ChangingModel fresh = new ChangingModel(models.resolve("fresh"));
        fresh.write(1);
        awaitGeneration("fresh", 1);
        assertThat(ask("fresh").status()).isEqualTo(200);

        Files.delete(fresh.folder().resolve("model.yaml"));
        Files.delete(fresh.folder().resolve("weights.safetensors"));
        Files.delete(fresh.folder());
        // What is done to another folder later is seen later.
        mount(models.resolve("mounted"), "..fifth", 2);
        awaitGeneration("mounted", 4);

        assertThat(ask("fresh").status()).isEqualTo(200);
    }

    private ServiceClient service() {
        return new ServiceClient(port);
    }

    private Answer ask(String model) {
        return service().forecast("model=" + model, FRAMES);
    }

    private JsonNode awaitGeneration(String model, int generation) {
        while (true) {
            Answer answer = service().get("/models/" + model);
            if (answer.status() == 200 && answer.json().get("generation").asInt() == generation) {
                return answer.json();
            }
            Thread.onSpinWait();
        }
    }
}
