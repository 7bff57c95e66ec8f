package io.nowcast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.model.NowcastModel;
import io.nowcast.testing.NetworkFixture;
import io.nowcast.testing.NumpyFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every family of networks in the layout of its training code, against what PyTorch computed in
 * float64 for the same weights: {@code networks/make_fixtures.py}.
 */
class NetworkFixturesTest {

    static List<NetworkFixture> fixtures() throws IOException {
        return NetworkFixture.all();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void givesTheFramesThatPyTorchGives(NetworkFixture fixture) {
        try (NowcastModel model = open(fixture)) {
            assertGives(model, fixture.array("input"), fixture.array("expected"));
        }
    }

    static List<NetworkFixture> fixturesOfAnyGrid() throws IOException {
        return fixtures().stream().filter(NetworkFixture::fitsAnyGrid).toList();
    }

    @ParameterizedTest
    @MethodSource("fixturesOfAnyGrid")
    void givesThemOnAnotherGridForOtherFramesAndSteps(NetworkFixture fixture) {
        try (NowcastModel model = open(fixture)) {
            assertGives(model, fixture.array("other-input"), fixture.array("other-expected"));
        }
    }

    /**
     * What a changed pixel changes in the answer lies within what the network says that it sees.
     */
    @ParameterizedTest
    @MethodSource("fixturesOfAnyGrid")
    void seesNoFurtherThanItSays(NetworkFixture fixture) {
        NumpyFile given = fixture.array("input");
        int steps = fixture.array("expected").size(1);
        try (NowcastModel model = open(fixture)) {
            Optional<Integer> reach =
                    model.facts()
                            .footprint()
                            .sight()
                            .flatMap(sight -> sight.reach(given.size(1), steps));
            assumeTrue(reach.filter(pixels -> pixels <= 64).isPresent(), "sees too far to try");
            int multiple = model.facts().gridMultiple();
            int side = Math.ceilDiv(2 * reach.orElseThrow() + 17, multiple) * multiple;
            NumpyFile before = frames(given, side, 0);
            NumpyFile after = frames(given, side, 1);
            float[] one = predict(model, before, steps);
            float[] other = predict(model, after, steps);
            int farthest = 0;
            for (int index = 0; index < one.length; index++) {
                int row = index / side % side;
                int column = index % side;
                int distance = Math.max(Math.abs(row - side / 2), Math.abs(column - side / 2));
                farthest = one[index] == other[index] ? farthest : Math.max(farthest, distance);
            }

            assertThat(one).isNotEqualTo(other);
            assertThat(farthest).isLessThanOrEqualTo(reach.orElseThrow());
        }
    }

    /** One sequence of random frames of the same length and channels, more in their centre. */
    private static NumpyFile frames(NumpyFile like, int side, float more) {
        float[] values = new float[like.size(1) * like.size(2) * side * side];
        Random random = new Random(1);
        for (int index = 0; index < values.length; index++) {
            boolean centre = index % (side * side) == side / 2 * (side + 1);
            values[index] = random.nextFloat() + (centre ? more : 0);
        }
        return NumpyFile.of(values, 1, like.size(1), like.size(2), side, side);
    }

    /** The pool gives a call as many threads as are free at the moment. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void givesTheSameWhateverThreadsItHas(NetworkFixture fixture) {
        try (NowcastModel model = open(fixture)) {
            NumpyFile input = fixture.array("input");
            int steps = fixture.array("expected").size(1);
            model.computeWith(1, true);
            float[] alone = predict(model, input, steps);
            model.computeWith(Runtime.getRuntime().availableProcessors(), false);
            float[] together = predict(model, input, steps);

            // The bound of the HTTP contract.
            assertThat(difference(alone, together)).isLessThanOrEqualTo(1e-6f * largest(alone));
        }
    }

    /** One series of the fixture, its features as the rows of frames of one column. */
    @ParameterizedTest
    @ValueSource(strings = {"lstm", "gru-2layer", "lstm-2layer-nobias"})
    void givesASeriesWhoseFeaturesAreRows(String name) {
        NetworkFixture fixture = NetworkFixture.named(name);
        NumpyFile input = fixture.array("input");
        Map<String, String> choices = new HashMap<>(fixture.choices());
        choices.put("features", "rows");
        try (NowcastModel model =
                new DjlModelLoader().open(fixture.weights(), choices, TestedDevice.NAME)) {
            assertThat(model.facts().onlyGrid()).contains(new GridShape(input.size(2), 1));
            assertGives(model, firstSeries(input), firstSeries(fixture.array("expected")));
        }
    }

    /** {@code [B, T, F, H, W]} to {@code [B, T, 1, F, 1]}: the series of the first grid cell. */
    private static NumpyFile firstSeries(NumpyFile array) {
        int area = array.size(3) * array.size(4);
        float[] series = new float[array.values().length / area];
        for (int index = 0; index < series.length; index++) {
            series[index] = array.values()[index * area];
        }
        return NumpyFile.of(series, array.size(0), array.size(1), 1, array.size(2), 1);
    }

    private static void assertGives(NowcastModel model, NumpyFile input, NumpyFile answer) {
        float[] forecast = predict(model, input, answer.size(1));

        assertThat(forecast).hasSameSizeAs(answer.values());
        float difference = difference(forecast, answer.values());
        // float32 against float64 through a few steps of recurrence.
        assertThat(difference)
                .isLessThan(TestedDevice.tolerance(1e-5f) * Math.max(1, largest(answer.values())));
    }

    private static NowcastModel open(NetworkFixture fixture) {
        return new DjlModelLoader().open(fixture.weights(), fixture.choices(), TestedDevice.NAME);
    }

    /** Runs frames {@code [B, T, C, H, W]}, all in one batch. */
    static float[] predict(NowcastModel model, NumpyFile input, int steps) {
        GridShape grid = new GridShape(input.size(3), input.size(4));
        int size = input.values().length / input.size(0);
        List<ModelFrames> batch = new ArrayList<>();
        for (int index = 0; index < input.size(0); index++) {
            float[] values = Arrays.copyOfRange(input.values(), index * size, (index + 1) * size);
            batch.add(new ModelFrames(input.size(1), input.size(2), grid, values));
        }
        List<ModelFrames> forecasts = model.predict(batch, steps);
        int length = forecasts.getFirst().values().length;
        float[] all = new float[length * forecasts.size()];
        for (int index = 0; index < forecasts.size(); index++) {
            System.arraycopy(forecasts.get(index).values(), 0, all, index * length, length);
        }
        return all;
    }

    static float difference(float[] one, float[] other) {
        float largest = 0;
        for (int index = 0; index < one.length; index++) {
            float difference = Math.abs(one[index] - other[index]);
            // NaN must not pass as small.
            largest = difference <= largest ? largest : difference;
        }
        return largest;
    }

    static float largest(float[] values) {
        return difference(values, new float[values.length]);
    }
}
