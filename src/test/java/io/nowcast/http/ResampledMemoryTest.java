package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.testing.NumpyFile;
import io.nowcast.testing.ZipFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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

    private static final Path BUNDLED = Path.of("src/main/resources/models/radar-convgru");
    private static final int SIDE = 72;
    private static final int MINUTES = 20;

    @TempDir private static Path models;

    @LocalServerPort private int port;

    @DynamicPropertySource
    static void modelFolder(DynamicPropertyRegistry registry) throws IOException {
        Path folder = Files.createDirectories(models.resolve("resampling"));
        Files.copy(BUNDLED.resolve("weights.pth"), folder.resolve("weights.pth"));
        Files.writeString(
                folder.resolve("model.yaml"),
                Files.readString(BUNDLED.resolve("model.yaml")) + "\nresample: true\n");
        registry.add("nowcast.models.directory", models::toString);
    }

    /** Dry frames over twenty minutes, so many a minute. */
    private Answer forecast(int aMinute) {
        int length = MINUTES * aMinute + 1;
        ByteBuffer times = ByteBuffer.allocate(length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int frame = 0; frame < length; frame++) {
            times.putLong(1_475_077_200L + 60L / aMinute * frame);
        }
        String header =
                "{'descr': '<i8', 'fortran_order': False, 'shape': (%d,), }".formatted(length);
        float[] values = new float[length * SIDE * SIDE];
        Map<String, byte[]> arrays = new LinkedHashMap<>();
        arrays.put("frames.npy", NumpyFile.of(values, length, SIDE, SIDE).bytes());
        arrays.put("times.npy", NumpyFile.file(header, times.array()));
        return new ServiceClient(port)
                .forecast("steps=1&interval=resample", Body.zip(ZipFile.stored(arrays)));
    }

    /** Of 1.26 MB that came and 0.1 MB made from them a request may not hold both of 2 MB. */
    @Test
    void framesThatCameAreCountedBesideThoseMadeFromThem() {
        assertThat(forecast(1).status()).isEqualTo(200);

        Answer refused = forecast(3);

        assertThat(refused.status()).as(refused.text()).isEqualTo(413);
        assertThat(refused.text()).contains("nowcast.queue.memory");
    }
}
