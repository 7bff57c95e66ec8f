package io.nowcast.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.frames.GridShape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a forecast pass is fed lies beside its states, and counts with all of its channels. */
class FedFeaturesTest {

    private static final int CHANNELS = 64;
    private static final GridShape GRID = new GridShape(512, 512);

    private static Convolution convolution(int outputs, int inputs) {
        return Convolution.same(WeightTensor.zeros(outputs, inputs, 3, 3), Optional.empty());
    }

    private final Features made =
            new Features.Through(new Features.Frame(), List.of(convolution(CHANNELS, 1)));
    private final Features observed = Features.Recurrent.fromZero(made, cell());

    private static GruResetAfter cell() {
        return new GruResetAfter(
                List.of(convolution(3 * CHANNELS, CHANNELS)),
                convolution(3 * CHANNELS, CHANNELS),
                new Activation.Tanh());
    }

    /**
     * Counted by hand in the first lead step of two GRUs: what the first is fed, the states of
     * both, and of the one at work the gates r, z, n of input and state, the candidate and the next
     * state; all twice, as docs/performance.md says.
     */
    @Test
    void countsWithAllChannels() {
        Features forecast =
                Features.Recurrent.fromZero(
                        Features.Recurrent.startingFrom(
                                observed, Optional.of(new Features.Frame()), cell()),
                        cell());
        StepwiseNetwork network =
                new StepwiseNetwork(
                        1,
                        Optional.of(observed),
                        forecast,
                        new Feed.OwnFeatures(made),
                        new ReadOut.Direct(List.of(convolution(1, CHANNELS))));
        long values = 2L * CHANNELS * (1 + 2 + 3 + 3 + 1 + 1);

        assertThat(WorkingMemory.of(network).bytes(GRID, 1, 1))
                .isGreaterThanOrEqualTo(values * GRID.pixels() * Float.BYTES);
    }

    /**
     * PyTorch's own convolution refuses the second step, which is only the first that is fed so.
     */
    @Test
    void eachStepIsFedAsManyChannelsAsTheFirst() {
        Features half =
                new Features.Through(
                        new Features.Frame(), List.of(convolution(CHANNELS / 2, CHANNELS)));

        assertThatThrownBy(() ->
                        new StepwiseNetwork(
                                1,
                                Optional.of(observed),
                                half,
                                new Feed.OwnFeatures(made),
                                new ReadOut.Direct(List.of(convolution(1, CHANNELS / 2)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("64 channels")
                .hasMessageContaining("32");
    }
}
