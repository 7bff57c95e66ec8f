package io.nowcast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.layout.RecognisedNetwork;
import io.nowcast.model.NowcastModel;
import io.nowcast.network.Activation;
import io.nowcast.network.Convolution;
import io.nowcast.network.Features;
import io.nowcast.network.Feed;
import io.nowcast.network.Gates;
import io.nowcast.network.GruResetBefore;
import io.nowcast.network.Layer;
import io.nowcast.network.ReadOut;
import io.nowcast.network.StepwiseNetwork;
import io.nowcast.network.WeightTensor;
import io.nowcast.testing.NumpyFile;
import io.nowcast.torchscript.NumberFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A GRU whose update gate lets the new state in, behind norms: {@code engine/normalised}. */
class NegatedGatesTest {

    private static final Path FIXTURE = Path.of("src/test/resources/engine/normalised");
    private static final int HIDDEN = 4;

    private final Map<String, WeightTensor> tensors =
            CheckpointReader.read(new TreeMap<>(Map.of("", FIXTURE.resolve("weights.pth"))))
                    .tensors();

    @Test
    void negatesGatesWhosePartsAreNormalised() {
        Gates gates = new Gates(part("x", 4), part("h", 1), List.of());
        Gates candidate = new Gates(part("c", 2), part("s", 1), List.of());
        GruResetBefore cell =
                new GruResetBefore(
                        gates.negated(HIDDEN, HIDDEN),
                        GruResetBefore.Order.RZ,
                        candidate,
                        new Activation.Tanh());
        StepwiseNetwork network =
                new StepwiseNetwork(
                        2,
                        Optional.empty(),
                        Features.Recurrent.fromZero(new Features.Frame(), cell),
                        new Feed.ObservedFrames(),
                        new ReadOut.Direct(List.of()));
        NumpyFile expected = NumpyFile.read(FIXTURE.resolve("expected.npy"));
        try (NowcastModel model =
                FormattedNetwork.open(
                        new RecognisedNetwork("normalised", network, 0),
                        NumberFormat.FLOAT32,
                        TestedDevice.NAME)) {
            float[] states =
                    NetworkFixturesTest.predict(
                            model, NumpyFile.read(FIXTURE.resolve("input.npy")), expected.size(1));

            // float32 against float64 through four steps of recurrence.
            assertThat(NetworkFixturesTest.difference(states, expected.values()))
                    .isLessThan(TestedDevice.tolerance(1e-5f));
        }
    }

    /** No function other than an odd one of what comes before it lets a minus sign through. */
    @Test
    void refusesToNegateGatesBehindAnActivation() {
        List<Layer> activated =
                List.of(convolution("h"), new Layer.Activate(new Activation.Relu()));
        Gates gates = new Gates(part("x", 4), activated, List.of());

        assertThatThrownBy(() -> gates.negated(HIDDEN, HIDDEN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gates are not negated behind Activate");
    }

    private List<Layer> part(String name, int groups) {
        return List.of(
                convolution(name),
                new Layer.GroupNorm(
                        groups,
                        tensor("norm_" + name + ".weight"),
                        tensor("norm_" + name + ".bias"),
                        1e-5));
    }

    private Convolution convolution(String name) {
        return Convolution.same(
                tensor("conv_" + name + ".weight"), Optional.of(tensor("conv_" + name + ".bias")));
    }

    private WeightTensor tensor(String key) {
        return Objects.requireNonNull(tensors.get(key));
    }
}
