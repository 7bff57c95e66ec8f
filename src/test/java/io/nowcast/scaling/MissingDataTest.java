package io.nowcast.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.RainUnit;
import io.nowcast.scaling.MissingData.Filling;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a network gets where data are missing. */
class MissingDataTest {

    private static final float NAN = Float.NaN;

    private static float[] filled(Filling filling, GridShape padded, float... values) {
        RainScaling scaling =
                new RainScaling(
                        new ModelScale.LinearRain(1, 1000),
                        ZrRelation.MARSHALL_PALMER,
                        new MissingData(filling, -7, false, MissingData.Coverage.KEPT),
                        Duration.ofMinutes(5));
        FrameSequence frames =
                new FrameSequence(1, new GridShape(2, 3), RainUnit.MILLIMETRES_PER_HOUR, values);
        return scaling.normalise(frames, 1, padded).values();
    }

    private static final GridShape SAME = new GridShape(2, 3);
    private static final GridShape WIDER = new GridShape(2, 4);

    @Test
    void aNumberStandsWhereDataAreMissing() {
        assertThat(filled(Filling.NUMBER, SAME, 1, NAN, 3, 4, NAN, 6))
                .containsExactly(1, -7, 3, 4, -7, 6);
    }

    @Test
    void theMeanOfWhatWasObserved() {
        assertThat(filled(Filling.MEAN, WIDER, 1, NAN, 3, NAN, NAN, 8))
                .containsExactly(1, 4, 3, 4, 4, 4, 8, 4);
    }

    @Test
    void theNearestObservedPixel() {
        assertThat(filled(Filling.NEAREST, WIDER, 1, NAN, 3, NAN, NAN, NAN))
                .satisfies(values -> {
                    assertThat(values[3]).isEqualTo(3);
                    assertThat(values[4]).isEqualTo(1);
                    assertThat(values[6]).isEqualTo(3);
                    assertThat(values[1]).isIn(1f, 3f);
                });
    }

    @Test
    void aFrameWithoutDataGetsTheNumber() {
        for (Filling filling : Filling.values()) {
            assertThat(filled(filling, SAME, NAN, NAN, NAN, NAN, NAN, NAN)).containsOnly(-7);
        }
    }

    /** Against a search of all pixels; Danielsson's passes may be off by a fraction of a pixel. */
    @Test
    void theNearestOfAllAtAnyDistance() {
        int side = 40;
        float[] values = new float[side * side];
        java.util.Arrays.fill(values, NAN);
        java.util.random.RandomGenerator random =
                java.util.random.RandomGenerator.of("L64X128MixRandom");
        for (int count = 0; count < 25; count++) {
            int pixel = random.nextInt(values.length);
            values[pixel] = pixel;
        }
        float[] observed = values.clone();

        NearestObserved.fill(values, 0, side, side, -7);

        for (int pixel = 0; pixel < values.length; pixel++) {
            double best = Double.MAX_VALUE;
            for (float candidate : observed) {
                if (!Float.isNaN(candidate)) {
                    best = Math.min(best, distance(pixel, (int) candidate, side));
                }
            }
            assertThat(distance(pixel, (int) values[pixel], side)).isLessThanOrEqualTo(best + 1);
        }
    }

    private static double distance(int a, int b, int side) {
        return Math.hypot(a / side - b / side, a % side - b % side);
    }
}
