package io.nowcast.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.frames.RainUnit;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Number ranges by their published formulas, and units by their definitions. */
class ModelScaleTest {

    private static final ModelScale HKO_7 = new ModelScale.LinearReflectivity(-10, 60, -10);

    /** Reflectivity of 1 mm/h is 10 log10 a, whatever b. */
    @ParameterizedTest
    @CsvSource({
        "200,1.6,23.010299956639813",
        "223,1.53,23.483048630481607",
        "316,1.5,24.99687082618404",
        "58.53,1.56,17.673785367591627"
    })
    void oneMillimetreAnHourIsTheLogarithmOfThePrefactor(double a, double b, double dbz) {
        ZrRelation relation = new ZrRelation(a, b);

        assertThat(relation.reflectivity(1)).isCloseTo((float) dbz, within(2e-6f));
        assertThat(relation.rainRate((float) dbz)).isCloseTo(1, within(1e-6f));
        assertThat(relation.rainRate(relation.reflectivity(37.5f))).isCloseTo(37.5f, within(2e-5f));
    }

    /** HKO-7: dBZ = 70 p - 10, p from 0 to 1. */
    @Test
    void takesReflectivityToThePixelsOfHko7() {
        assertThat(HKO_7.toModel(-10)).isEqualTo(0);
        assertThat(HKO_7.toModel(25)).isEqualTo(0.5f);
        assertThat(HKO_7.toModel(75)).isEqualTo(1);
        assertThat(HKO_7.toPhysical(0.5f)).isEqualTo(25);
    }

    @Test
    void takesTheLogarithmOfRainBothWays() {
        ModelScale scale = new ModelScale.LogRain(0.01, -1, 0.5, 100, 0.05);

        assertThat(scale.toModel(0)).isCloseTo(-2, within(1e-6f));
        assertThat(scale.toModel(9.99f)).isCloseTo(4, within(1e-6f));
        assertThat(scale.toModel(1e6f)).isEqualTo(scale.toModel(100));
        assertThat(scale.toModel(Float.NaN)).isNaN();
        assertThat(scale.toPhysical(4)).isCloseTo(9.99f, within(1e-5f));
        assertThat(scale.toPhysical(-2)).isEqualTo(0);
    }

    @Test
    void takesStandardScoresBothWays() {
        ModelScale scale = new ModelScale.StandardScore(RainUnit.DBZ, 12, 8, 0, 60, 0);

        assertThat(scale.toModel(20)).isEqualTo(1);
        assertThat(scale.toModel(-32)).isEqualTo(-1.5f);
        assertThat(scale.toModel(100)).isEqualTo(6);
        assertThat(scale.toPhysical(1)).isEqualTo(20);
        assertThat(scale.toPhysical(-2)).isEqualTo(ZrRelation.NO_ECHO_DBZ);
    }

    /** 1 mm in 5 minutes is 12 mm/h. */
    @Test
    void takesDepthsInTheIntervalForRates() {
        RainScaling scaling =
                new RainScaling(
                        new ModelScale.LinearRain(1, 1000),
                        ZrRelation.MARSHALL_PALMER,
                        new MissingData(0, false),
                        Duration.ofMinutes(5));
        FrameSequence depths =
                new FrameSequence(
                        1, new GridShape(1, 2), RainUnit.MILLIMETRES, new float[] {1, 0.25f});

        ModelFrames rates = scaling.normalise(depths, 1, depths.grid());

        assertThat(rates.values()).containsExactly(12, 3);
        assertThat(scaling.denormalise(rates, 1, depths, RainUnit.MILLIMETRES).values())
                .containsExactly(1, 0.25f);
    }

    @Test
    void statesItsFormulaAndWhatItClips() {
        assertThat(HKO_7.description())
                .isEqualTo("(dBZ - -10.0) / 70.0, dBZ clipped to -10.0..60.0; dry below -10.0 dBZ");
    }
}
