package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.testing.BundledModel;
import io.nowcast.testing.NumpyFile;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Frames at the model's times take memory beside those that they are made from. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "nowcast.devices=cpu",
            "nowcast.models.bundled=false",
            "nowcast.models.default-model=resampling",
            "nowcast.queue.memory=2MB"
        })
class ResampledMemoryTest {

    private static final int SIDE = 72;
    private static final int MINUTES = 20;

    @TempDir private static Path models;

    @LocalServerPort private int port;

    @DynamicPropertySource
    static void modelFolder(DynamicPropertyRegistry registry) throws IOException {
        BundledModel.copy(models, "resampling", manifest -> manifest + "\nresample: true\n");
        registry.add("nowcast.models.directory", models::toString);
    }

    /** Dry frames over twenty minutes, so many a minute. */
    private Answer forecast(int aMinute) {
        int length = MINUTES * aMinute + 1;
        byte[] dry = NumpyFile.of(new float[length * SIDE * SIDE], length, SIDE, SIDE).bytes();
        return new ServiceClient(port)
                .forecast(
                        "steps=1&interval=resample",
                        Body.npz(dry, length, 1_475_077_200, 60 / aMinute));
    }

    /** A request that holds 1.26 MB of 2 MB may not grow: as much must be left for others. */
    @Test
    void framesThatCameAreCountedBesideThoseMadeFromThem() {
        assertThat(forecast(1).status()).isEqualTo(200);

        Answer refused = forecast(3);

        assertThat(refused.status()).as(refused.text()).isEqualTo(413);
        assertThat(refused.text()).contains("nowcast.queue.memory");
    }
}
