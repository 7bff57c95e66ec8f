package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.testing.BundledModel;
import io.nowcast.testing.NumpyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * The bundled model twice, once with {@code coverage: advected}. Rain cells move by whole pixels
 * behind a gap, and the answer's gap must be where arithmetic puts it.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "nowcast.devices=cpu",
            "nowcast.models.bundled=false",
            "nowcast.models.default-model=kept"
        })
class AdvectedCoverageTest {

    private static final int HEIGHT = 64;
    private static final int WIDTH = 80;
    private static final int PLANE = HEIGHT * WIDTH;
    private static final int STEPS = 6;

    /** Of random directions and lengths from 12 to 40 pixels, so that no shift but one fits. */
    private static final double[][] WAVES = waves();

    @TempDir private static Path models;

    @LocalServerPort private int port;

    @DynamicPropertySource
    static void modelFolders(DynamicPropertyRegistry registry) throws IOException {
        folder("kept", "missing:");
        folder("advected", "missing:\n  coverage: advected");
        folder("misspelt", "missing:\n  coverage: moved");
        registry.add("nowcast.models.directory", models::toString);
    }

    private static void folder(String name, String missing) throws IOException {
        BundledModel.copy(
                models,
                name,
                manifest -> manifest.replace("missing:", missing) + "\nresample: true\n");
    }

    private static double[][] waves() {
        Random random = new Random(7);
        double[][] waves = new double[16][];
        for (int index = 0; index < waves.length; index++) {
            double direction = 2 * Math.PI * random.nextDouble();
            double number = 2 * Math.PI / (12 + 28 * random.nextDouble());
            waves[index] =
                    new double[] {
                        number * Math.sin(direction),
                        number * Math.cos(direction),
                        2 * Math.PI * random.nextDouble()
                    };
        }
        return waves;
    }

    /** A disc and the last columns. */
    private static boolean isGap(int row, int column) {
        return column >= WIDTH - 9 || (row - 30) * (row - 30) + (column - 35) * (column - 35) < 64;
    }

    /** Reflectivity of cells that move, NaN in the gap, one frame every so many intervals. */
    private static float[] frames(int length, int down, int right) {
        float[] values = new float[length * PLANE];
        for (int index = 0; index < values.length; index++) {
            int frame = index / PLANE;
            int row = index % PLANE / WIDTH;
            int column = index % WIDTH;
            double y = row - down * frame;
            double x = column - right * frame;
            double waves = 0;
            for (double[] wave : WAVES) {
                waves += Math.sin(wave[0] * y + wave[1] * x + wave[2]);
            }
            values[index] = isGap(row, column) ? Float.NaN : (float) (8 * waves);
        }
        return values;
    }

    private static boolean isExpectedMissing(int step, int row, int column, int down, int right) {
        int y = row - (step + 1) * down;
        int x = column - (step + 1) * right;
        return y < 0 || y >= HEIGHT || x < 0 || x >= WIDTH || isGap(y, x);
    }

    private static void assertMask(float[] answer, int first, int down, int right) {
        int wrong = 0;
        for (int index = 0; index < STEPS * PLANE; index++) {
            boolean expected =
                    isExpectedMissing(
                            index / PLANE, index % PLANE / WIDTH, index % WIDTH, down, right);
            wrong += Float.isNaN(answer[first + index]) == expected ? 0 : 1;
        }
        assertThat(wrong).as("pixels that are wrongly missing or wrongly there").isZero();
    }

    private NumpyFile forecast(String query, Body body) {
        return new ServiceClient(port).forecast("steps=" + STEPS + "&" + query, body).array();
    }

    private static Body npy(float[] values, int... shape) {
        return Body.npy(NumpyFile.of(values, shape).bytes());
    }

    @ParameterizedTest
    @CsvSource({"2, -3", "0, 4", "-1, 0", "-4, -2", "0, 0"})
    void theGapMovesWithTheRain(int down, int right) {
        Body body = npy(frames(5, down, right), 5, HEIGHT, WIDTH);

        float[] advected = forecast("model=advected&units=dBZ", body).values();
        float[] kept = forecast("model=kept&units=dBZ", body).values();

        assertMask(advected, 0, down, right);
        assertMask(kept, 0, 0, 0);
        // Where neither is missing, coverage changes nothing.
        for (int index = 0; index < kept.length; index++) {
            if (!Float.isNaN(kept[index]) && !Float.isNaN(advected[index])) {
                assertThat(advected[index]).isEqualTo(kept[index]);
            }
        }
    }

    @Test
    void eachSequenceOfABatchMovesByItself() {
        float[] both = new float[2 * 5 * PLANE];
        System.arraycopy(frames(5, 1, 3), 0, both, 0, 5 * PLANE);
        System.arraycopy(frames(5, -2, 0), 0, both, 5 * PLANE, 5 * PLANE);

        float[] answer =
                forecast("model=advected&units=dBZ", npy(both, 2, 5, 1, HEIGHT, WIDTH)).values();

        assertMask(answer, 0, 1, 3);
        assertMask(answer, STEPS * PLANE, -2, 0);
    }

    @Test
    void modelUnitsMoveTheSame() {
        float[] numbers = frames(5, 2, -3);
        for (int index = 0; index < numbers.length; index++) {
            numbers[index] = Math.max(0, numbers[index] / 60);
        }

        float[] answer =
                forecast("model=advected&units=model", npy(numbers, 5, HEIGHT, WIDTH)).values();

        assertMask(answer, 0, 2, -3);
    }

    /** Frames ten minutes apart, of which every other one is interpolated. */
    @Test
    void resampledFramesMove() {
        byte[] frames = NumpyFile.of(frames(3, 2, -4), 3, HEIGHT, WIDTH).bytes();

        float[] answer =
                forecast(
                                "model=advected&units=dBZ&interval=resample&format=npy",
                                Body.npz(frames, 3, 1_475_077_200, 600))
                        .values();

        assertMask(answer, 0, 1, -2);
    }

    @Test
    void withoutRainTheGapStays() {
        float[] dry = frames(5, 0, 0);
        for (int index = 0; index < dry.length; index++) {
            dry[index] = Float.isNaN(dry[index]) ? Float.NaN : -32;
        }

        float[] answer = forecast("model=advected&units=dBZ", npy(dry, 5, HEIGHT, WIDTH)).values();

        assertMask(answer, 0, 0, 0);
    }

    @Test
    void modelsTellWhichCoverageTheyHave() {
        ServiceClient service = new ServiceClient(port);

        assertThat(service.get("/models/advected").json().get("coverage").asString())
                .isEqualTo("advected");
        assertThat(service.get("/models/kept").json().get("coverage").asString()).isEqualTo("kept");
        assertThat(service.get("/models").json().get("broken").get("misspelt").asString())
                .contains("missing.coverage is 'kept' or 'advected', got 'moved'");
    }
}
