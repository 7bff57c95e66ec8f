package io.nowcast.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.frames.RainUnit;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RainScalingTest {

    private static final float NAN = Float.NaN;
    private static final ModelScale SCALE = new ModelScale.LinearReflectivity(0, 60, 5);

    @Test
    void scalesByTheClosedFormulas() {
        RainScaling scaling = scaling(SCALE, 0, false);

        float[] fromRain = normalised(scaling, RainUnit.MILLIMETRES_PER_HOUR, 0, 1, 0.05f, 10);
        float[] fromReflectivity = normalised(scaling, RainUnit.DBZ, -32, 30, 4.9f, 70);
        float[] asItIs = normalised(scaling, RainUnit.MODEL, 0.25f, 0, 1, -0.5f);

        assertThat(fromRain)
                .usingComparatorWithPrecision(1e-7f)
                .containsExactly(
                        0, (float) (23.010299956639813 / 60), 0, (float) (39.01029995663981 / 60));
        assertThat(fromReflectivity).containsExactly(0, 0.5f, 0, 1);
        assertThat(asItIs).containsExactly(0.25f, 0, 1, -0.5f);
    }

    @Test
    void scalesBackByTheClosedFormulas() {
        RainScaling scaling = scaling(SCALE, 0, false);
        float one = (float) (23.010299956639813 / 60);

        assertThat(denormalised(scaling, RainUnit.MILLIMETRES_PER_HOUR, one, 0.08f, 0, -0.1f))
                .usingComparatorWithPrecision(2e-6f)
                .containsExactly(1, 0, 0, 0);
        assertThat(denormalised(scaling, RainUnit.DBZ, 0.5f, 0.08f, 1.2f, -0.1f))
                .usingComparatorWithPrecision(1e-5f)
                .containsExactly(30, -32, 72, -32);
        assertThat(denormalised(scaling, RainUnit.MODEL, 0.5f, 0.08f, 1.2f, -0.1f))
                .containsExactly(0.5f, 0.08f, 1.2f, -0.1f);
    }

    /** So many pixels that the frames are shared out among the processors. */
    @Test
    void scalesEachFrameOfALargeSequence() {
        RainScaling scaling = scaling(SCALE, 0, false);
        GridShape grid = new GridShape(400, 300);
        int plane = (int) grid.pixels();
        float[] values = new float[4 * plane];
        for (int index = 0; index < values.length; index++) {
            values[index] = 15 * (1 + index / plane);
        }
        FrameSequence observed = new FrameSequence(4, grid, RainUnit.DBZ, values);

        ModelFrames numbers = scaling.normalise(observed, 4, grid);
        FrameSequence back = scaling.denormalise(numbers, 4, observed, RainUnit.DBZ);

        for (int index = 0; index < values.length; index++) {
            assertThat(numbers.values()[index]).isEqualTo(0.25f * (1 + index / plane));
            assertThat(back.values()[index]).isEqualTo(values[index]);
        }
        values[3 * plane + 301] = Float.POSITIVE_INFINITY;
        assertThatThrownBy(() -> scaling.normalise(observed, 4, grid))
                .isInstanceOf(UnusableValuesException.class)
                .hasMessageContaining("frame 3, row 1, column 1 is Infinity dBZ");
    }

    @Test
    void dividesRain() {
        RainScaling scaling = scaling(new ModelScale.LinearRain(128, 100), 0, false);

        assertThat(normalised(scaling, RainUnit.MILLIMETRES_PER_HOUR, 0, 64, 100, 500))
                .containsExactly(0, 0.5f, 100 / 128f, 100 / 128f);
        assertThat(denormalised(scaling, RainUnit.MILLIMETRES_PER_HOUR, 0, 0.5f, -0.1f, 1))
                .containsExactly(0, 64, 0, 128);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void comesBackToTheSameRain(RainUnit unit) {
        RainScaling scaling = scaling(SCALE, 0, false);
        float[] rain = new float[1000];
        for (int index = 0; index < rain.length; index++) {
            rain[index] =
                    switch (unit) {
                        case MILLIMETRES_PER_HOUR -> 0.1f + 0.19f * index;
                        case MILLIMETRES -> (0.1f + 0.19f * index) / 12;
                        case DBZ -> 5.01f + 0.0549f * index;
                        case MODEL, NONE -> index / 1000f;
                    };
        }
        FrameSequence frames = new FrameSequence(1, new GridShape(20, 50), unit, rain);

        ModelFrames numbers = scaling.normalise(frames, 1, frames.grid());
        FrameSequence back = scaling.denormalise(numbers, 1, frames, unit);

        for (int index = 0; index < rain.length; index++) {
            assertThat(back.values()[index]).isCloseTo(rain[index], within(rain[index] * 3e-6f));
        }
    }

    @Test
    void fillsMissingDataAndPaddingAndMasksThem() {
        RainScaling scaling = scaling(SCALE, -0.5f, true);
        FrameSequence frames =
                new FrameSequence(
                        2, new GridShape(1, 2), RainUnit.DBZ, new float[] {30, NAN, NAN, -32});

        ModelFrames numbers = scaling.normalise(frames, 2, new GridShape(2, 3));

        assertThat(numbers.channels()).isEqualTo(2);
        assertThat(numbers.values())
                .containsExactly(
                        // Frame 0: rain, mask.
                        0.5f,
                        -0.5f,
                        -0.5f,
                        -0.5f,
                        -0.5f,
                        -0.5f,
                        1,
                        0,
                        0,
                        0,
                        0,
                        0,
                        // Frame 1: rain, mask.
                        -0.5f,
                        0,
                        -0.5f,
                        -0.5f,
                        -0.5f,
                        -0.5f,
                        0,
                        1,
                        0,
                        0,
                        0,
                        0);
    }

    @Test
    void takesTheLastFrames() {
        FrameSequence frames =
                new FrameSequence(
                        3, new GridShape(1, 1), RainUnit.MODEL, new float[] {0.1f, 0.2f, 0.3f});

        ModelFrames numbers = scaling(SCALE, 0, false).normalise(frames, 2, frames.grid());

        assertThat(numbers.length()).isEqualTo(2);
        assertThat(numbers.values()).containsExactly(0.2f, 0.3f);
    }

    @Test
    void cutsThePaddingOffAndIsMissingWhereTheLastFrameIs() {
        FrameSequence observed =
                new FrameSequence(
                        2, new GridShape(1, 2), RainUnit.DBZ, new float[] {NAN, 30, 30, NAN});
        ModelFrames forecast =
                new ModelFrames(
                        3,
                        1,
                        new GridShape(2, 3),
                        new float[] {
                            0.1f, 0.2f, 9, 9, 9, 9, 0.3f, 0.4f, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9
                        });

        FrameSequence answer =
                scaling(SCALE, 0, false).denormalise(forecast, 2, observed, RainUnit.MODEL);

        assertThat(answer.length()).isEqualTo(2);
        assertThat(answer.grid()).isEqualTo(observed.grid());
        assertThat(answer.unit()).isEqualTo(RainUnit.MODEL);
        assertThat(answer.values()).containsExactly(0.1f, NAN, 0.3f, NAN);
    }

    @ParameterizedTest
    @CsvSource({
        "MILLIMETRES_PER_HOUR, -1, -1.0 mm/h",
        "MILLIMETRES_PER_HOUR, Infinity, Infinity mm/h",
        "DBZ, -Infinity, -Infinity dBZ",
        "MODEL, Infinity, Infinity model"
    })
    void refusesWhatIsNoRainAndSaysWhere(RainUnit unit, float value, String named) {
        float[] values = new float[2 * 3 * 4];
        values[1 * 12 + 2 * 4 + 3] = value;
        FrameSequence frames = new FrameSequence(2, new GridShape(3, 4), unit, values);
        RainScaling scaling = scaling(SCALE, 0, true);

        assertThatThrownBy(() -> scaling.normalise(frames, 2, frames.grid()))
                .isInstanceOf(UnusableValuesException.class)
                .hasMessageStartingWith("frame 1, row 2, column 3 is " + named);
    }

    @Test
    void toleratesTheUndershootOfInterpolation() {
        assertThat(
                        normalised(
                                scaling(SCALE, 0, false),
                                RainUnit.MILLIMETRES_PER_HOUR,
                                -0.1f,
                                -0.01f))
                .containsExactly(0, 0);
    }

    private static RainScaling scaling(ModelScale scale, float fill, boolean mask) {
        return new RainScaling(
                scale,
                ZrRelation.MARSHALL_PALMER,
                new MissingData(fill, mask),
                Duration.ofMinutes(5));
    }

    private static float[] normalised(RainScaling scaling, RainUnit unit, float... row) {
        FrameSequence frames = new FrameSequence(1, new GridShape(1, row.length), unit, row);
        return scaling.normalise(frames, 1, frames.grid()).values();
    }

    private static float[] denormalised(RainScaling scaling, RainUnit unit, float... row) {
        GridShape grid = new GridShape(1, row.length);
        FrameSequence observed = new FrameSequence(1, grid, RainUnit.DBZ, new float[row.length]);
        return scaling.denormalise(new ModelFrames(1, 1, grid, row), 1, observed, unit).values();
    }
}
