package io.nowcast.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against {@link StrictMath}, which is correct to one unit in the last place of a double. */
class FloatPrecisionTest {

    private static final int NUMBERS = 1_000_000;

    @Test
    void exponentialIsFarMorePreciseThanAFloat() {
        double worst = 0;
        Random random = new Random(1);
        for (int number = 0; number < NUMBERS; number++) {
            double x = (random.nextDouble() - 0.5) * 1398;
            double expected = StrictMath.exp(x);
            worst = Math.max(worst, Math.abs(FloatPrecision.exp(x) / expected - 1));
        }
        assertThat(worst).isLessThan(1e-11);
    }

    @Test
    void logarithmOfEveryMagnitudeIsFarMorePreciseThanAFloat() {
        double worst = 0;
        Random random = new Random(2);
        for (int number = 0; number < NUMBERS; number++) {
            double x = Math.scalb(1 + random.nextDouble(), random.nextInt(2000) - 1000);
            worst = Math.max(worst, Math.abs(FloatPrecision.log(x) / StrictMath.log(x) - 1));
        }
        assertThat(worst).isLessThan(1e-9);
    }

    @Test
    void logarithmNextToOneLosesNoDigits() {
        double worst = 0;
        for (int distance = 1; distance < NUMBERS; distance++) {
            for (double x : new double[] {1 + distance * 1e-8, 1 - distance * 1e-8}) {
                double expected = StrictMath.log(x);
                worst = Math.max(worst, Math.abs(FloatPrecision.log(x) / expected - 1));
            }
        }
        assertThat(worst).isLessThan(1e-9);
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                0,
                -0.0,
                1,
                -1,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                Double.NaN,
                -1e4,
                1e4,
                -745,
                709.9
            })
    void extremesAreThoseOfTheLibrary(double x) {
        assertThat((float) FloatPrecision.exp(x)).isEqualTo(Float.valueOf((float) Math.exp(x)));
        assertThat(FloatPrecision.log(x)).isEqualTo(Double.valueOf(Math.log(x)));
    }
}
