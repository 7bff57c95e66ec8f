package io.nowcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.layout.RecognisedNetwork;
import io.nowcast.model.NowcastModel;
import io.nowcast.network.Activation;
import io.nowcast.network.Cell;
import io.nowcast.network.Convolution;
import io.nowcast.network.Features;
import io.nowcast.network.Feed;
import io.nowcast.network.FrameChunks;
import io.nowcast.network.GruResetAfter;
import io.nowcast.network.ReadOut;
import io.nowcast.network.StepwiseNetwork;
import io.nowcast.network.WeightTensor;
import io.nowcast.torchscript.NumberFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A cell steps once a frame, however many features read its states. */
class ReadStatesTest {

    private static final int CHANNELS = 3;
    private static final GridShape GRID = new GridShape(8, 6);

    private final Random random = new Random(7);
    private final Features lower =
            Features.Recurrent.fromZero(
                    new Features.Through(
                            new Features.Frame(), List.of(convolution(3 * CHANNELS, CHANNELS))),
                    gru(List.of(convolution(3 * CHANNELS, 3 * CHANNELS))));
    private final Features upper =
            Features.Recurrent.fromZero(lower, gru(List.of(convolution(3 * CHANNELS, CHANNELS))));
    private final Features forecaster =
            Features.Recurrent.startingFrom(lower, Optional.empty(), gru(List.of()));
    private final ReadOut readOut = new ReadOut.Direct(List.of(convolution(1, CHANNELS)));

    @Test
    void theLowerOfTwoCellsIsAsIfTheUpperWereNotThere() {
        assertThat(FrameChunks.pay(lower)).isTrue();
        float[] alone = forecast(lower);

        assertThat(forecast(joined(lower, upper))).containsExactly(alone);
        assertThat(forecast(joined(upper, lower))).containsExactly(alone);
        assertThat(forecast(new Features.Sum(lower, upper))).containsExactly(alone);
    }

    private static Features joined(Features... parts) {
        return new Features.Joined(List.of(parts));
    }

    private float[] forecast(Features observer) {
        StepwiseNetwork network =
                new StepwiseNetwork(
                        CHANNELS, Optional.of(observer), forecaster, new Feed.Nothing(), readOut);
        try (NowcastModel model =
                FormattedNetwork.open(
                        new RecognisedNetwork("two cells", network, 0),
                        NumberFormat.FLOAT32,
                        TestedDevice.NAME)) {
            return model.predict(List.of(frames()), 2).getFirst().values();
        }
    }

    private static ModelFrames frames() {
        Random values = new Random(11);
        float[] frames = new float[4 * CHANNELS * Math.toIntExact(GRID.pixels())];
        for (int index = 0; index < frames.length; index++) {
            frames[index] = values.nextFloat();
        }
        return new ModelFrames(4, CHANNELS, GRID, frames);
    }

    private Cell gru(List<Convolution> input) {
        return new GruResetAfter(input, convolution(3 * CHANNELS, CHANNELS), new Activation.Tanh());
    }

    private Convolution convolution(int out, int in) {
        float[] values = new float[out * in * 9];
        for (int index = 0; index < values.length; index++) {
            values[index] = random.nextFloat() - 0.5f;
        }
        return new Convolution(
                new WeightTensor(new int[] {out, in, 3, 3}, values),
                Optional.empty(),
                1,
                1,
                1,
                false);
    }
}
