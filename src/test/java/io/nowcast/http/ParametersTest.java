package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.nowcast.testing.NumpyFile;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Batches, steps, units, times and encodings. */
class ParametersTest extends ServiceTest {

    private static final EncodedEvent SAMPLE = EncodedEvent.sample();

    /** What the bundled model's manifest says: 0 to 60 dBZ become 0 to 1, and 5 dBZ is dry. */
    private static final float FULL_SCALE_DBZ = 60;

    private static final float DRY_DBZ = 5;

    private NumpyFile forecast(String query) {
        return service().forecast(query, SAMPLE.npy("u8")).array();
    }

    /**
     * Compared in the model's own numbers, whose range is 1: there the contract's bound holds,
     * while an answer in mm/h is an exponential of them.
     */
    @Test
    void aBatchGivesEachSequenceItsOwnForecast() {
        byte[] npy = SAMPLE.npy("u8").bytes();
        byte[] first = Arrays.copyOfRange(npy, npy.length - 5 * 64 * 64, npy.length);
        byte[] second = new byte[first.length];
        for (int i = 0; i < first.length; i++) {
            second[i] = first[first.length - 1 - i];
        }
        byte[] both = Arrays.copyOf(first, 2 * first.length);
        System.arraycopy(second, 0, both, first.length, first.length);

        NumpyFile together = forecastOf(both, "(2, 5, 1, 64, 64)");

        assertThat(together.shape()).containsExactly(2, 2, 64, 64);
        int each = 2 * 64 * 64;
        NumpyFile firstAlone = forecastOf(first, "(5, 64, 64)");
        NumpyFile secondAlone = forecastOf(second, "(5, 1, 64, 64)");
        Fields.assertClose(Fields.slice(together, 0, each), firstAlone.values(), ROUNDING);
        Fields.assertClose(Fields.slice(together, each, each), secondAlone.values(), ROUNDING);
        assertThat(forecastOf(first, "(1, 5, 1, 64, 64)").shape()).containsExactly(1, 2, 64, 64);
    }

    private NumpyFile forecastOf(byte[] codes, String shape) {
        String header = "{'descr': '|u1', 'fortran_order': False, 'shape': %s, }".formatted(shape);
        return service()
                .forecast("steps=2&units=model", Body.npy(NumpyFile.file(header, codes)))
                .array();
    }

    private NumpyFile forecastOf(float[] rain, int... shape) {
        return service().forecast("steps=2", Body.npy(NumpyFile.of(rain, shape).bytes())).array();
    }

    @Test
    void stepsAreTheModelsOwnOrThoseAskedFor() {
        NumpyFile all = forecast("");
        NumpyFile three = forecast("steps=3");

        assertThat(all.shape()).containsExactly(12, 64, 64);
        assertThat(forecast("steps=24").shape()).containsExactly(24, 64, 64);
        // Later steps do not change earlier ones.
        Fields.assertClose(
                Fields.slice(all, 0, 3 * 64 * 64), three.values(), ROUNDING * Fields.range(all));
    }

    @Test
    void longerSequencesAreReadFromTheirEnd() {
        float[] rain = EncodedEvent.rain().values();
        float[] longer = new float[rain.length + 64 * 64];
        System.arraycopy(rain, 0, longer, 64 * 64, rain.length);

        NumpyFile expected = forecastOf(rain, 5, 64, 64);

        Fields.assertClose(
                forecastOf(longer, 6, 64, 64), expected, ROUNDING * Fields.range(expected));
    }

    @Test
    void unitsAgreeWithEachOther() {
        NumpyFile rain = forecast("steps=2&units=mm/h");
        NumpyFile dbz = forecast("steps=2&units=dBZ");
        NumpyFile model = forecast("steps=2&units=model");

        for (int i = 0; i < rain.values().length; i++) {
            float reflectivity = FULL_SCALE_DBZ * model.values()[i];
            boolean dry = dbz.values()[i] == -32;
            double expected = dry ? 0 : Math.pow(Math.pow(10, dbz.values()[i] / 10) / 200, 1 / 1.6);
            // float32 keeps seven digits; a power of a sum of them six.
            boolean same =
                    Math.abs(rain.values()[i] - expected) <= 1e-5 * (1 + expected)
                            && (dry
                                    ? reflectivity < DRY_DBZ + 1e-3
                                    : Math.abs(reflectivity - dbz.values()[i]) < 1e-3);
            if (!same) {
                fail(
                        "value %d: %s mm/h, %s dBZ, %s",
                        i, rain.values()[i], dbz.values()[i], model.values()[i]);
            }
        }
    }

    @Test
    void unitsAreThoseOfFloatingInputToo() {
        NumpyFile rain = EncodedEvent.rain();
        float[] dbz = new float[rain.values().length];
        for (int i = 0; i < dbz.length; i++) {
            float rate = rain.values()[i];
            dbz[i] = rate == 0 ? -32 : (float) (10 * Math.log10(200 * Math.pow(rate, 1.6)));
        }
        NumpyFile expected = forecast("steps=2&units=dBZ");

        NumpyFile actual =
                service()
                        .forecast(
                                "steps=2&units=dBZ", Body.npy(NumpyFile.of(dbz, 5, 64, 64).bytes()))
                        .array();

        assertThat(Fields.relativeDifference(actual, expected)).isLessThan(1e-3);
    }

    @Test
    void theEncodingOfIntegersCanBeGiven() {
        NumpyFile expected = forecast("steps=2&units=dBZ");

        NumpyFile same =
                forecast("steps=2&units=dBZ&scale_factor=0.5&add_offset=-32&fill_value=255");
        NumpyFile weaker =
                forecast("steps=2&units=dBZ&scale_factor=0.5&add_offset=-42&fill_value=255");

        Fields.assertClose(same, expected, ROUNDING * Fields.range(expected));
        assertThat(Fields.relativeDifference(weaker, expected)).isGreaterThan(0.01);
    }

    @Test
    void fillValueOfIntegersIsMissing() {
        NumpyFile forecast = forecast("steps=1&fill_value=0");
        byte[] body = SAMPLE.npy("u8").bytes();
        int lastFrame = body.length - 64 * 64;

        for (int i = 0; i < 64 * 64; i++) {
            if (Float.isNaN(forecast.values()[i]) != (body[lastFrame + i] == 0)) {
                fail("pixel %d is %s", i, forecast.values()[i]);
            }
        }
    }

    @Test
    void intervalTimeoutAndOffsetsOfTimeAreRead() {
        Answer answer =
                service()
                        .forecast(
                                "steps=1&interval=PT300S&timeout=PT50S&time=2016-09-28T17:55:00+02:00",
                                SAMPLE.npy("u8"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Nowcast-Valid-Times")).isEqualTo("2016-09-28T16:00:00Z");
    }

    @Test
    void anNpzTellsTheTimesItself() {
        Answer answer = service().forecast("steps=1", npz(1475077800, 300));

        assertThat(answer.header("Nowcast-Valid-Times")).isEqualTo("2016-09-28T16:15:00Z");
    }

    @Test
    void timesThatContradictOrCannotBeAreRefused() {
        Answer otherTime = service().forecast("time=2020-01-01T00:00:00Z", npz(1475077800, 300));
        Answer otherInterval = service().forecast("", npz(1475077800, 120));
        // The last instant that Java knows: no valid time could follow it.
        Answer endOfTime = service().forecast("", npz(31556889864403199L - 5 * 300, 300));

        assertThat(otherTime.status()).isEqualTo(422);
        assertThat(otherTime.text()).contains("2020-01-01T00:00:00Z", "2016-09-28T16:10:00Z");
        assertThat(otherInterval.status()).isEqualTo(422);
        assertThat(otherInterval.text()).contains("PT2M", "PT5M");
        assertThat(endOfTime.status()).isEqualTo(422);
        assertThat(endOfTime.text()).contains("9999");
    }

    private static Body npz(long first, long interval) {
        return Body.npz(SAMPLE.npy("u8").bytes(), 5, first, interval);
    }
}
