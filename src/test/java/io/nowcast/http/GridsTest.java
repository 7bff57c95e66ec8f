package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.testing.NumpyFile;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Grids of any size: the answer has the request's, and what the service pads is not seen. */
class GridsTest extends ServiceTest {

    @ParameterizedTest
    @CsvSource({"16, 16", "50, 70", "129, 33", "64, 64"})
    void theAnswerHasTheGridOfTheRequest(int height, int width) {
        NumpyFile forecast = forecast(rain(height, width), height, width);

        assertThat(forecast.shape()).containsExactly(2, height, width);
        assertThat(forecast.values()).doesNotContain(Float.NaN);
        for (float value : forecast.values()) {
            // The strongest that the model's scale tells is 60 dBZ, 205 mm/h.
            assertThat(value).isBetween(0f, 1000f);
        }
    }

    /** 50x70 is padded to 64x80: a client that pads so itself, with missing data, gets the same. */
    @Test
    void paddingIsMissingDataAndNothingElse() {
        float[] small = rain(50, 70);
        float[] large = new float[5 * 64 * 80];
        Arrays.fill(large, Float.NaN);
        for (int frame = 0; frame < 5; frame++) {
            for (int row = 0; row < 50; row++) {
                System.arraycopy(
                        small, (frame * 50 + row) * 70, large, (frame * 64 + row) * 80, 70);
            }
        }

        NumpyFile padded = forecast(large, 64, 80);
        NumpyFile expected = forecast(small, 50, 70);

        float[] cut = new float[2 * 50 * 70];
        for (int frame = 0; frame < 2; frame++) {
            for (int row = 0; row < 50; row++) {
                System.arraycopy(
                        padded.values(), (frame * 64 + row) * 80, cut, (frame * 50 + row) * 70, 70);
            }
        }
        Fields.assertClose(cut, expected.values(), ROUNDING * Fields.range(expected));
    }

    private NumpyFile forecast(float[] rain, int height, int width) {
        Body body = Body.npy(NumpyFile.of(rain, 5, height, width).bytes());
        return service().forecast("steps=2", body).array();
    }

    /** The sample, repeated beyond its edges. */
    private static float[] rain(int height, int width) {
        float[] sample = EncodedEvent.rain().values();
        float[] values = new float[5 * height * width];
        int index = 0;
        for (int frame = 0; frame < 5; frame++) {
            for (int row = 0; row < height; row++) {
                for (int column = 0; column < width; column++) {
                    values[index++] = sample[(frame * 64 + row % 64) * 64 + column % 64];
                }
            }
        }
        return values;
    }
}
