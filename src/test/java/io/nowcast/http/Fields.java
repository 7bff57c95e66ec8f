package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.nowcast.testing.NumpyFile;

/** Compares forecasts; an assertion a pixel would take a minute. */
final class Fields {

    private Fields() {}

    /** Requires the same shape, the same missing pixels, and values that differ by no more. */
    static void assertClose(NumpyFile actual, NumpyFile expected, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertClose(actual.values(), expected.values(), tolerance);
    }

    static void assertClose(float[] actual, float[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            boolean close =
                    Float.isNaN(expected[i])
                            ? Float.isNaN(actual[i])
                            : Math.abs(actual[i] - expected[i]) <= tolerance;
            if (!close) {
                fail("value %d is %s, expected %s +- %s", i, actual[i], expected[i], tolerance);
            }
        }
    }

    /** The width of the range that the values span, missing ones apart; at least 1. */
    static double range(NumpyFile field) {
        float least = 0;
        float most = 1;
        for (float value : field.values()) {
            if (!Float.isNaN(value)) {
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
        }
        return most - least;
    }

    /** Mean absolute difference over the mean of what was expected. */
    static double relativeDifference(NumpyFile actual, NumpyFile expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        double difference = 0;
        double sum = 0;
        for (int i = 0; i < actual.values().length; i++) {
            difference += Math.abs(actual.values()[i] - expected.values()[i]);
            sum += Math.abs(expected.values()[i]);
        }
        return difference / sum;
    }

    static float[] slice(NumpyFile field, int first, int count) {
        float[] values = new float[count];
        System.arraycopy(field.values(), first, values, 0, count);
        return values;
    }
}
