package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.nowcast.testing.NumpyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One event gives one forecast, whatever encoding it comes in. */
class EncodingsTest extends ServiceTest {

    /** Of the bundled model: weaker rain, in mm/h, is dry both in its input and in its output. */
    private static final double WEAKEST_RAIN = 0.075;

    @Test
    void ofTheSample() {
        check(EncodedEvent.sample());
    }

    @ParameterizedTest
    @ValueSource(strings = {"fmi_20160928", "mch_20150515", "mrms_20190610_crop"})
    void ofRealEvents(String event) {
        check(EncodedEvent.shared(event));
    }

    private void check(EncodedEvent event) {
        NumpyFile bytes = forecast(event.npy("u8"));
        double rounding = ROUNDING * Fields.range(bytes);

        // The same integers under the same rule.
        Fields.assertClose(forecast(event.zip("png8")), bytes, rounding);
        Fields.assertClose(forecast(event.multipart("png8")), bytes, rounding);
        // float32 rounds a rain rate by 6e-8 of it: the network sees the same to seven digits.
        assertSameRain(forecast(event.npy("mmh_f32")), bytes);
        // float16 has 11 bits, 0.0034 dB; the 16-bit PNG steps of 0.01 mm/h, which is 13 % of the
        // weakest rain.
        assertThat(Fields.relativeDifference(forecast(event.npy("mmh_f16")), bytes))
                .isLessThan(0.005);
        NumpyFile hundredths = forecast(event.zip("png16"));
        assertThat(Fields.relativeDifference(hundredths, bytes)).isLessThan(0.05);
        Fields.assertClose(forecast(event.multipart("png16")), hundredths, rounding);
    }

    private NumpyFile forecast(Body body) {
        return service().forecast("steps=1&format=npy", body).array();
    }

    private static void assertSameRain(NumpyFile actual, NumpyFile expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        for (int i = 0; i < actual.values().length; i++) {
            float a = actual.values()[i];
            float b = expected.values()[i];
            // A forecast at the edge of what counts as rain may fall to either side of it.
            boolean same =
                    Math.abs(a - b) <= 1e-4 * Math.max(1, b) || Math.max(a, b) <= WEAKEST_RAIN;
            if (!same) {
                fail("value %d is %s mm/h, expected %s", i, a, b);
            }
        }
    }
}
