package io.nowcast.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZrRelationTest {

    private final ZrRelation marshallPalmer = ZrRelation.MARSHALL_PALMER;

    @Test
    void oneMillimetreAnHourIsTheLogarithmOfThePrefactor() {
        assertThat(marshallPalmer.reflectivity(1)).isEqualTo((float) 23.010299956639813);
        assertThat(marshallPalmer.rainRate((float) 23.010299956639813)).isCloseTo(1, within(1e-6f));
    }

    @ParameterizedTest
    @CsvSource({"200, 1.6", "300, 1.4", "250, 1.2", "1, 1"})
    void agreesWithTheClosedFormulas(double a, double b) {
        ZrRelation relation = new ZrRelation(a, b);
        for (float rate = 1e-3f; rate < 500; rate *= 1.0173f) {
            double reflectivity = 10 * Math.log10(a * Math.pow(rate, b));
            assertThat((double) relation.reflectivity(rate))
                    .isCloseTo(reflectivity, within(Math.ulp((float) reflectivity) * 0.51));
        }
        for (float reflectivity = -31.9f; reflectivity < 80; reflectivity += 0.0371f) {
            double rate = Math.pow(Math.pow(10, reflectivity / 10.0) / a, 1 / b);
            assertThat((double) relation.rainRate(reflectivity))
                    .isCloseTo(rate, within(Math.ulp((float) rate) * 0.51));
        }
    }

    @Test
    void comesBackToTheSameRate() {
        for (float rate = 0.01f; rate < 300; rate *= 1.31f) {
            assertThat(marshallPalmer.rainRate(marshallPalmer.reflectivity(rate)))
                    .isCloseTo(rate, within(rate * 2e-6f));
        }
    }

    @Test
    void givesTheFloorWhereItDoesNotRain() {
        assertThat(marshallPalmer.reflectivity(0)).isEqualTo(-32);
        assertThat(marshallPalmer.reflectivity(-0.05f)).isEqualTo(-32);
        assertThat(marshallPalmer.reflectivity(Float.MIN_VALUE)).isEqualTo(-32);
        assertThat(marshallPalmer.rainRate(-32)).isZero();
        assertThat(marshallPalmer.rainRate(-33)).isZero();
        assertThat(marshallPalmer.rainRate(-31.5f)).isPositive();
    }

    @Test
    void leavesMissingDataMissing() {
        assertThat(marshallPalmer.reflectivity(Float.NaN)).isNaN();
        assertThat(marshallPalmer.rainRate(Float.NaN)).isNaN();
    }

    @ParameterizedTest
    @CsvSource({"0, 1.6", "-200, 1.6", "200, 0", "200, NaN", "Infinity, 1.6"})
    void refusesAnImpossiblePowerLaw(double a, double b) {
        assertThatThrownBy(() -> new ZrRelation(a, b))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got " + a + " and " + b);
    }
}
