package io.nowcast.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.frames.GridShape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks whose layers do not fit each other are refused before anything runs. */
class NetworkShapesTest {

    private static final Activation TANH = new Activation.Tanh();

    /** Gates on half the grid of their state cannot be multiplied with it. */
    @Test
    void refusesGatesThatShrinkTheGridOfTheirState() {
        Convolution strided =
                new Convolution(WeightTensor.zeros(6, 2, 3, 3), Optional.empty(), 2, 1, false);
        Cell input = new GruResetAfter(List.of(strided), convolution(6, 2), TANH);
        Cell state = new GruResetAfter(List.of(convolution(6, 2)), strided, TANH);

        for (Cell cell : List.of(input, state)) {
            assertThatThrownBy(() -> perFrame(2, cell))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "gates and the state that they work on: 6 channels at 1/1 of the frame's resolution do not fit 6 at 1/2");
        }
    }

    /** Two channels of motion, and as many of growth as a block has pixels. */
    @ParameterizedTest
    @ValueSource(ints = {2, 5, 7})
    void refusesAnAdvectionOfOtherChannelsThanItReads(int channels) {
        assertThatThrownBy(() -> advection(channels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "an advection in blocks of 2 reads 2 channels of motion and 4 of growth, got "
                                + channels);
        assertThat(advection(6).outputChannels()).isEqualTo(1);
    }

    /** The equations of Wang et al. 2017 have 7, 4, 3 and 1 gates. */
    @ParameterizedTest
    @CsvSource({"6, 4, 3, 1, input", "7, 3, 3, 1, state", "7, 4, 4, 1, memory", "7, 4, 3, 2, gate"})
    void refusesASpatiotemporalLstmOfOtherGates(
            int input, int state, int memory, int output, String named) {
        assertThatThrownBy(() -> spatiotemporal(2, input, state, memory, output))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("an ST-LSTM's ")
                .hasMessageContaining(named + " with 3 hidden channels has");
    }

    @Test
    void refusesBlocksThatTheChannelsDoNotFill() {
        ReadOut readOut = new ReadOut.Direct(List.of(new Layer.DepthToSpace(2)));
        Features halved =
                new Features.Through(
                        new Features.Frame(),
                        List.of(new Layer.SpaceToDepth(2), convolution(6, 4)));

        assertThatThrownBy(() ->
                        new StepwiseNetwork(
                                1, Optional.empty(), halved, new Feed.ObservedFrames(), readOut))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("6 channels are no blocks of 2 by 2");
    }

    /** Each layer of PredRNN has h and c of its own; m is one for all of them. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void countsTheSharedMemoryOfSpatiotemporalLstmsOnce(int layers) {
        Features features = new Features.Frame();
        for (int layer = 0; layer < layers; layer++) {
            features =
                    Features.Recurrent.fromZero(
                            features, spatiotemporal(layer == 0 ? 1 : 3, 7, 4, 3, 1));
        }
        StepwiseNetwork network =
                new StepwiseNetwork(
                        1,
                        Optional.of(features),
                        features,
                        new Feed.Prediction(),
                        new ReadOut.Direct(List.of(convolution(1, 3))));
        GridShape grid = new GridShape(8, 10);

        assertThat(StepCost.ofLeadStep(network, grid).stateBytes())
                .isEqualTo((2L * layers + 1) * 3 * 8 * 10 * Float.BYTES);
    }

    private static Cell spatiotemporal(int inputs, int input, int state, int memory, int output) {
        return new SpatiotemporalLstm(
                List.of(convolution(3 * input, inputs)),
                List.of(convolution(3 * state, 3)),
                List.of(convolution(3 * memory, 3)),
                List.of(convolution(3 * output, 6)),
                convolution(3, 6));
    }

    private static StepwiseNetwork advection(int channels) {
        Features halved =
                new Features.Through(new Features.Frame(), List.of(new Layer.SpaceToDepth(2)));
        return new StepwiseNetwork(
                1,
                Optional.empty(),
                halved,
                new Feed.ObservedFrames(),
                new ReadOut.Advection(
                        List.of(convolution(channels, 4)), 2, ReadOut.Residual.AT_SOURCE));
    }

    private static StepwiseNetwork perFrame(int channels, Cell cell) {
        return new StepwiseNetwork(
                channels,
                Optional.empty(),
                Features.Recurrent.fromZero(new Features.Frame(), cell),
                new Feed.ObservedFrames(),
                new ReadOut.Direct(List.of()));
    }

    private static Convolution convolution(int out, int in) {
        return Convolution.same(WeightTensor.zeros(out, in, 3, 3), Optional.empty());
    }
}
