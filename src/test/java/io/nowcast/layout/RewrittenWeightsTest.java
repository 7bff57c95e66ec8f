package io.nowcast.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.network.Activation;
import io.nowcast.network.Cell;
import io.nowcast.network.Convolution;
import io.nowcast.network.Features;
import io.nowcast.network.GruResetAfter;
import io.nowcast.network.Layer;
import io.nowcast.network.SpatiotemporalLstm;
import io.nowcast.network.StepwiseNetwork;
import io.nowcast.testing.NetworkFixture;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of weights that no fixture has, against values worked out by hand. */
class RewrittenWeightsTest {

    @Test
    void addsTheForgetBiasOfPredRnnToABiasOfTheFile() {
        Checkpoint checkpoint =
                new HandmadeCheckpoint()
                        .biased("cell_list.0.conv_x.0", 7, 4, 3, 3)
                        .with("cell_list.0.conv_h.0.weight", 4, 1, 3, 3)
                        .with("cell_list.0.conv_m.0.weight", 3, 1, 3, 3)
                        .with("cell_list.0.conv_o.0.weight", 1, 2, 3, 3)
                        .with("cell_list.0.conv_last.weight", 1, 2, 1, 1)
                        .with("conv_last.weight", 4, 1, 1, 1)
                        .checkpoint();

        SpatiotemporalLstm cell =
                (SpatiotemporalLstm) cell(stepwise(checkpoint, Map.of("patch", "2")));

        // i, f, g, i', f', g', o: one more for f and f'.
        assertThat(bias(cell.input())).containsExactly(1, 3, 3, 4, 6, 6, 7);
    }

    /** Row, column, channel of a patch in the file; channel, row, column in the network. */
    @Test
    void ordersTheBiasOfAPatchedReadOutAsItsRows() {
        Checkpoint checkpoint =
                new HandmadeCheckpoint()
                        .with("cell_list.0.conv_x.0.weight", 4, 8, 1, 1)
                        .with("cell_list.0.conv_h.0.weight", 4, 1, 1, 1)
                        .biased("conv_last", 8, 1, 1, 1)
                        .checkpoint();

        List<Layer> readOut =
                stepwise(checkpoint, Map.of("patch", "2", "hidden-state", "o*g"))
                        .readOut()
                        .layers();

        assertThat(weight(readOut)).containsExactly(1, 3, 5, 7, 2, 4, 6, 8);
        assertThat(bias(readOut)).containsExactly(1, 3, 5, 7, 2, 4, 6, 8);
    }

    /** Of W = [[1, 2], [3, 4]], x @ W has the outputs x1 + 3 x2 and 2 x1 + 4 x2. */
    @Test
    void readsSquareMatricesAsTheManifestSaysTheyAre() {
        Checkpoint checkpoint = matrices(2).with("W_out", 2, 2).checkpoint();
        Map<String, String> choices = described();

        assertThatThrownBy(() -> RecognisedNetwork.in(checkpoint, choices))
                .hasMessageContaining("network.orientation, one of [in-out, out-in]");

        choices.put("orientation", "in-out");
        assertSquare(stepwise(checkpoint, choices), 1, 3, 2, 4);
        choices.put("orientation", "out-in");
        assertSquare(stepwise(checkpoint, choices), 1, 2, 3, 4);
    }

    private static void assertSquare(StepwiseNetwork network, float... matrix) {
        GruResetAfter cell = (GruResetAfter) cell(network);
        float[] gates = new float[12];
        for (int gate = 0; gate < 3; gate++) {
            System.arraycopy(matrix, 0, gates, 4 * gate, 4);
        }
        assertThat(weight(cell.input())).containsExactly(gates);
        assertThat(cell.hidden().weight().values()).containsExactly(gates);
        assertThat(weight(network.readOut().layers())).containsExactly(matrix);
    }

    @Test
    void readsABareHeadInTheOrientationOfTheGates() {
        Checkpoint checkpoint = matrices(3).with("W_out", 1, 2).checkpoint();
        Map<String, String> choices = described();
        choices.put("orientation", "out-in");

        StepwiseNetwork network = stepwise(checkpoint, choices);

        assertThat(network.inputChannels()).isEqualTo(3);
        assertThat(network.outputChannels()).isEqualTo(1);
        assertThat(weight(network.readOut().layers())).containsExactly(1, 2);
    }

    /** Linear layers keep [out, in] whatever the matrices beside them do. */
    @Test
    void asksForNoOrientationOfLayers() {
        HandmadeCheckpoint weights = new HandmadeCheckpoint();
        for (String gate : List.of("r", "z", "n")) {
            weights.with("W_x" + gate + ".weight", 2, 3).with("W_h" + gate, 2, 2);
        }
        Map<String, String> choices = described();
        choices.put("head", "none");
        choices.put("orientation", "in-out");

        StepwiseNetwork network = stepwise(weights.checkpoint(), choices);

        assertThat(network.inputChannels()).isEqualTo(3);
        GruResetAfter cell = (GruResetAfter) cell(network);
        assertThat(weight(cell.input())).startsWith(1, 2, 3, 4, 5, 6);
        assertThat(cell.hidden().weight().values()).startsWith(1, 3, 2, 4);
    }

    /** With h' = (1 - z) h + z n the rows of z are negated, in weights and biases alike. */
    @Test
    void negatesTheUpdateGateThatReplaces() {
        HandmadeCheckpoint weights = new HandmadeCheckpoint();
        for (String gate : List.of("r", "z", "n")) {
            weights.biased("W_x" + gate, 1, 1).biased("W_h" + gate, 1, 1);
        }
        Map<String, String> choices = described();
        choices.put("head", "none");
        choices.put("update", "replaces");

        GruResetAfter cell = (GruResetAfter) cell(stepwise(weights.checkpoint(), choices));

        assertThat(weight(cell.input())).containsExactly(1, -1, 1);
        assertThat(bias(cell.input())).containsExactly(1, -1, 1);
        assertThat(weight(List.of(cell.hidden()))).containsExactly(1, -1, 1);
        assertThat(bias(List.of(cell.hidden()))).containsExactly(1, -1, 1);
    }

    private static HandmadeCheckpoint matrices(int inputs) {
        HandmadeCheckpoint weights = new HandmadeCheckpoint();
        for (String gate : List.of("r", "z", "n")) {
            weights.with("W_x" + gate, 2, inputs).with("W_h" + gate, 2, 2);
        }
        return weights;
    }

    /** A GRU of bare matrices W_x. and W_h. */
    private static Map<String, String> described() {
        Map<String, String> choices =
                new HashMap<>(
                        Map.of(
                                "layout", "described",
                                "cell", "gru",
                                "reset", "after",
                                "update", "keeps",
                                "forecast", "per-frame",
                                "head", "W_out"));
        for (String gate : List.of("r", "z", "n")) {
            choices.put("input." + gate, "W_x" + gate);
            choices.put("hidden." + gate, "W_h" + gate);
        }
        return choices;
    }

    /** {@code make_layers} of the original asks for "relu" first, and for "deconv" anywhere. */
    @ParameterizedTest
    @CsvSource({
        "conv1_leaky_1, LeakyRelu, false",
        "conv1_leakyrelu_1, Relu, false",
        "my_deconv_relu_1, Relu, true",
        "conv1_1, , false"
    })
    void namesOfStagesTellTheirLayers(String name, String activation, boolean transposed) {
        List<Layer> layers = stage(forecasterStage(name).checkpoint());

        assertThat(((Convolution) layers.getFirst()).transposed()).isEqualTo(transposed);
        assertThat(
                        layers.stream()
                                .filter(Layer.Activate.class::isInstance)
                                .map(layer -> ((Layer.Activate) layer).activation())
                                .map(function -> function.getClass().getSimpleName()))
                .isEqualTo(activation == null ? List.of() : List.of(activation));
    }

    /** Transposed layers come first, then 2 before 10; a file of torch.save has its own order. */
    @Test
    void ordersTheStagesOfASortedFileByTheirNumbers() {
        HandmadeCheckpoint weights = forecasterStage("conv3_10", "conv3_2", "deconv3_3");

        assertThat(kernels(weights.safetensors())).containsExactly(5, 3, 1);
        assertThat(kernels(weights.checkpoint())).containsExactly(1, 3, 5);
    }

    private static List<Integer> kernels(Checkpoint checkpoint) {
        return stage(checkpoint).stream()
                .map(layer -> ((Convolution) layer).weight().size(2))
                .toList();
    }

    /** The stage of the forecaster, whose layers have kernels of 1, 3 and so on. */
    private static HandmadeCheckpoint forecasterStage(String... names) {
        HandmadeCheckpoint weights =
                new HandmadeCheckpoint()
                        .biased("encoder.stage1.conv1_1", 1, 1, 3, 3)
                        .biased("encoder.rnn1._conv", 4, 2, 3, 3)
                        .biased("forecaster.rnn1._conv", 4, 2, 3, 3);
        int kernel = 1;
        for (String name : names) {
            weights.biased("forecaster.stage1." + name, 1, 1, kernel, kernel);
            kernel += 2;
        }
        return weights;
    }

    private static List<Layer> stage(Checkpoint checkpoint) {
        StepwiseNetwork network = stepwise(checkpoint, Map.of("strides", "1"));
        return ((Features.Through) network.forecaster()).layers();
    }

    @Test
    void takesTheFunctionsOfAConvLstmUNetFromTheManifest() {
        Checkpoint checkpoint =
                CheckpointReader.read(NetworkFixture.named("czifan-convlstm").weights());

        assertThat(last(stepwise(checkpoint, Map.of()))).isEqualTo(new Activation.Sigmoid());
        assertThat(last(stepwise(checkpoint, Map.of("head-activation", "none"))))
                .isEqualTo(new Activation.Identity());
        assertThat(beforeLastCell(stepwise(checkpoint, Map.of())))
                .isEqualTo(new Activation.LeakyRelu(0.01));
        assertThat(beforeLastCell(stepwise(checkpoint, Map.of("activation", "relu"))))
                .isEqualTo(new Activation.Relu());
        assertThatThrownBy(() -> stepwise(checkpoint, Map.of("activation", "gelu")))
                .hasMessageContaining("network.activation is one of [leaky, none, relu]");
    }

    /** The function on the way up to the last cell. */
    private static Activation beforeLastCell(StepwiseNetwork network) {
        Features.Joined joined =
                (Features.Joined) ((Features.Recurrent) network.forecaster()).input().orElseThrow();
        Features.Through up = (Features.Through) joined.parts().getLast();
        return ((Layer.Activate) up.layers().getLast()).activation();
    }

    private static Activation last(StepwiseNetwork network) {
        return ((Layer.Activate) network.readOut().layers().getLast()).activation();
    }

    private static StepwiseNetwork stepwise(Checkpoint checkpoint, Map<String, String> choices) {
        return (StepwiseNetwork) RecognisedNetwork.in(checkpoint, choices).network();
    }

    private static Cell cell(StepwiseNetwork network) {
        return ((Features.Recurrent) network.forecaster()).cell();
    }

    private static float[] weight(List<? extends Layer> layers) {
        return ((Convolution) layers.getFirst()).weight().values();
    }

    private static float[] bias(List<? extends Layer> layers) {
        return ((Convolution) layers.getFirst()).bias().orElseThrow().values();
    }
}
