package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.testing.NumpyFile;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Missing in, missing out; and missing is not dry. */
class MissingDataTest extends ServiceTest {

    private static final int PIXELS = 64 * 64;
    private static final int COLUMNS_MISSING = 20;

    /** The sample with missing eastern columns in every frame. */
    private static float[] gap(float missing) {
        float[] values = EncodedEvent.rain().values().clone();
        for (int i = 0; i < values.length; i++) {
            if (isMissing(i)) {
                values[i] = missing;
            }
        }
        return values;
    }

    private static boolean isMissing(int index) {
        return index % 64 >= 64 - COLUMNS_MISSING;
    }

    private NumpyFile forecast(String query, float[] values) {
        Body body = Body.npy(NumpyFile.of(values, 5, 64, 64).bytes());
        return service().forecast("steps=2" + query, body).array();
    }

    @Test
    void nanStaysWhereItWas() {
        NumpyFile forecast = forecast("", gap(Float.NaN));

        assertThat(forecast.shape()).containsExactly(2, 64, 64);
        assertThat(IntStream.range(0, 2 * PIXELS))
                .allMatch(i -> Float.isNaN(forecast.values()[i]) == isMissing(i));
    }

    @Test
    void aFillValueMeansTheSameAsNan() {
        NumpyFile expected = forecast("", gap(Float.NaN));

        Fields.assertClose(
                forecast("&fill_value=-9999", gap(-9999)),
                expected,
                ROUNDING * Fields.range(expected));
    }

    @Test
    void missingIsNotDry() {
        NumpyFile missing = forecast("", gap(Float.NaN));
        NumpyFile dry = forecast("", gap(0));

        assertThat(dry.values()).doesNotContain(Float.NaN);
        double difference = 0;
        for (int i = 0; i < 2 * PIXELS; i++) {
            if (!isMissing(i)) {
                difference = Math.max(difference, Math.abs(missing.values()[i] - dry.values()[i]));
            }
        }
        // Rain that ends at a wall and rain that is seen no further do not develop alike.
        assertThat(difference).isGreaterThan(1e-3);
    }

    @Test
    void missingPixelsAreNotCountedAsDry() {
        Body body = Body.npy(NumpyFile.of(gap(Float.NaN), 5, 64, 64).bytes());

        JsonNode json = service().forecast("steps=2&format=json", body).json();

        for (JsonNode leadTime : json.get("leadTimes")) {
            assertThat(leadTime.get("statistics").get("missing").asInt())
                    .isEqualTo(64 * COLUMNS_MISSING);
        }
    }

    @Test
    void pngsHoldTheFillValueWhereDataAreMissing() {
        Body body = Body.npy(NumpyFile.of(gap(Float.NaN), 5, 64, 64).bytes());

        Answer answer = service().forecast("steps=2&format=png", body);

        assertThat(Pictures.samples(answer.entries().get("+005min.png")))
                .satisfies(samples -> {
                    for (int i = 0; i < PIXELS; i++) {
                        if (isMissing(i) != (samples[i] == 65535)) {
                            throw new AssertionError("pixel " + i + " is " + samples[i]);
                        }
                    }
                });
    }

    @Test
    void theRealCompositeWithoutCoverage() {
        Body body = EncodedEvent.shared("fmi_nodata").npy("u8");
        byte[] codes = body.bytes();
        int lastFrame = codes.length - 128 * 128;

        NumpyFile forecast = service().forecast("steps=2", body).array();

        assertThat(IntStream.range(0, 2 * 128 * 128))
                .allMatch(i ->
                        Float.isNaN(forecast.values()[i])
                                == (codes[lastFrame + i % (128 * 128)] == (byte) 255));
    }
}
