package io.nowcast.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.network.WeightTensor;
import io.nowcast.testing.NetworkFixture;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights and manifests that look like a known network and are none. */
class RefusedNetworksTest {

    @Test
    void refusesCellsOfDifferentWidthsThatShareAMemory() {
        HandmadeCheckpoint weights = new HandmadeCheckpoint();
        int[] widths = {4, 2};
        for (int layer = 0; layer < 2; layer++) {
            String key = "cell_list." + layer;
            int width = widths[layer];
            weights.with(key + ".conv_x.0.weight", 7 * width, 4, 3, 3)
                    .with(key + ".conv_h.0.weight", 4 * width, width, 3, 3)
                    .with(key + ".conv_m.0.weight", 3 * width, width, 3, 3)
                    .with(key + ".conv_o.0.weight", width, 2 * width, 3, 3)
                    .with(key + ".conv_last.weight", width, 2 * width, 1, 1);
        }
        weights.with("conv_last.weight", 4, 2, 1, 1);

        assertThat(problems(weights.checkpoint(), Map.of("patch", "2")))
                .contains("'cell_list.0' has 4 channels and 'cell_list.1' 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4294967290", "-2", "+2", "2,", "two", "", "99999999999999999999"})
    void refusesStridesThatAreNoIntegers(String strides) {
        assertThat(problems(encoderForecaster(3, 3), Map.of("strides", strides)))
                .contains("network.strides is integers separated by commas, got '" + strides + "'");
    }

    /** The original's transposed layers have no output padding: it would not run. */
    @ParameterizedTest
    @CsvSource({"7, 0", "2, 1"})
    void refusesAStrideThatATransposedLayerDoesNotUndo(int stride, int padding) {
        assertThat(
                        problems(
                                encoderForecaster(3, 3),
                                Map.of("strides", "" + stride, "paddings", "" + padding)))
                .contains("cannot enlarge the grid by exactly its stride of " + stride);
    }

    /** A kernel of 5 and a stride of 3 divide the grid with a padding of 1 and of 2. */
    @Test
    void asksForPaddingsWhereSeveralDivideTheGrid() {
        Checkpoint checkpoint = encoderForecaster(5, 3);

        assertThat(problems(checkpoint, Map.of("strides", "3")))
                .contains("network.paddings")
                .contains("1 to 2 for 'encoder.stage1.conv1_leaky_1'");
        assertThat(problems(checkpoint, Map.of("strides", "3", "paddings", "2"))).isEmpty();
        assertThat(problems(checkpoint, Map.of("strides", "3", "paddings", "3")))
                .contains(
                        "network.paddings has 3 for 'encoder.stage1.conv1_leaky_1', expected 1 to 2");
        assertThat(problems(checkpoint, Map.of("strides", "3", "paddings", "1,2")))
                .contains("network.paddings has [1, 2], expected one from 0 for each of the 1");
        assertThat(problems(checkpoint, Map.of("paddings", "1")))
                .contains("network.paddings are beside network.strides");
        assertThat(problems(encoderForecaster(3, 3), Map.of("strides", "1", "paddings", "2")))
                .contains(
                        "network.paddings has 2 for 'encoder.stage1.conv1_leaky_1', expected 1 to 1");
        assertThat(problems(checkpoint, Map.of("strides", "0")))
                .contains("network.strides has [0], expected one from 1 for each of the 1 layers");
    }

    /**
     * Kernels that no public configuration has there: a 9x9 fits strides of 1, 3, 5, 7 and 9, and
     * all of them give a forecast.
     */
    @ParameterizedTest
    @CsvSource({"9, 9, 3", "3, 3, 1", "5, 4, 2", "6, 6, 2", "1, 2, 2"})
    void asksForStridesThatTheKernelsDoNotTell(int down, int up, int stride) {
        Checkpoint checkpoint = encoderForecaster(down, up);

        assertThat(problems(checkpoint, Map.of()))
                .isEqualTo(
                        "the weights do not tell 'strides': the manifest must say network.strides, one of [<one for each layer of the encoder's stages, in order>]");
        assertThat(problems(checkpoint, Map.of("strides", "" + stride)))
                .doesNotContain("network.strides");
    }

    /** Which of two layers makes the grid smaller is in no key. */
    @Test
    void asksForStridesWhereAStageHasSeveralLayers() {
        HandmadeCheckpoint weights = encoderForecasterWeights(3, 4);
        weights.biased("encoder.stage1.conv1_leaky_2", 2, 2, 3, 3);

        assertThat(problems(weights.checkpoint(), Map.of())).contains("network.strides");
        assertThat(problems(weights.checkpoint(), Map.of("strides", "1,2"))).isEmpty();
        assertThat(problems(weights.checkpoint(), Map.of("strides", "2")))
                .contains("network.strides has [2], expected one from 1 for each of the 2 layers");
    }

    @Test
    void refusesTwoTransposedLayersInAStage() {
        Checkpoint checkpoint =
                encoderForecasterWeights(3, 4)
                        .biased("forecaster.stage1.deconv2_leaky_1", 1, 1, 4, 4)
                        .checkpoint();

        assertThat(problems(checkpoint, Map.of()))
                .contains("forecaster.stage1.deconv2_leaky_1] enlarge the grid one after the other")
                .doesNotContain("network.strides");
    }

    /** One stage, whose layers have square kernels. */
    private static Checkpoint encoderForecaster(int down, int up) {
        return encoderForecasterWeights(down, up).checkpoint();
    }

    private static HandmadeCheckpoint encoderForecasterWeights(int down, int up) {
        return new HandmadeCheckpoint()
                .biased("encoder.stage1.conv1_leaky_1", 2, 1, down, down)
                .biased("encoder.rnn1._conv", 8, 4, 3, 3)
                .biased("forecaster.rnn1._conv", 8, 4, 3, 3)
                .with("forecaster.stage1.deconv1_leaky_1.weight", 2, 1, up, up)
                .with("forecaster.stage1.deconv1_leaky_1.bias", 1);
    }

    /** Kernels of one size in all but different sides were joined row by row. */
    @ParameterizedTest
    @CsvSource({"1, 3, 1x3", "5, 5, 5x5"})
    void refusesGatesOfDifferentKernels(int rows, int columns, String kernel) {
        HandmadeCheckpoint weights = new HandmadeCheckpoint();
        for (String gate : List.of("i", "f", "o", "c")) {
            boolean odd = gate.equals("o");
            weights.biased("cell0.Wx" + gate, 2, 1, odd ? rows : 3, odd ? columns : 1)
                    .with("cell0.Wh" + gate + ".weight", 2, 2, 3, 3);
        }

        assertThat(problems(weights.checkpoint(), Map.of("forecast", "per-frame")))
                .contains("'cell0.Wxi' has a kernel of 3x1 and 'cell0.Wxo' one of " + kernel);
    }

    @Test
    void refusesACandidateOfAnotherKernelThanItsGates() {
        Checkpoint checkpoint =
                new HandmadeCheckpoint()
                        .biased("cell_list.0.conv_zr", 4, 3, 3, 1)
                        .biased("cell_list.0.conv_h1", 2, 1, 1, 3)
                        .biased("cell_list.0.conv_h2", 2, 2, 3, 1)
                        .checkpoint();

        assertThat(problems(checkpoint, Map.of("forecast", "per-frame")))
                .contains("'cell_list.0.conv_zr' has a kernel of 3x1")
                .contains("'cell_list.0.conv_h1' one of 1x3");
    }

    /** It could as well come before the LSTM, and would give a forecast there too. */
    @ParameterizedTest
    @CsvSource({"embed, 3", "linear, 3", "net.0, 3", "input_layer.0, 5"})
    void asksWhetherTheOnlyLayerLeftOverIsTheHead(String name, int hidden) {
        assertThat(problems(lstmBeside(name, hidden), Map.of("forecast", "closed-loop")))
                .contains("network.head, one of [" + name + ", none]");
        assertThat(
                        problems(
                                lstmBeside(name, hidden),
                                Map.of("forecast", "closed-loop", "head", name)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"conv_out, 3", "model.head.2, 3", "readout, 3", "linear, 5", "rows, 5"})
    void takesTheOnlyLayerLeftOverThatCanBeTheHead(String name, int hidden) {
        assertThat(problems(lstmBeside(name, hidden), Map.of("forecast", "closed-loop"))).isEmpty();
    }

    /** 12 hidden channels were served as 12 lead steps. */
    @Test
    void refusesAHiddenStateAsLeadSteps() {
        Checkpoint lstm =
                new HandmadeCheckpoint()
                        .with("rnn.weight_ih_l0", 48, 1)
                        .with("rnn.weight_hh_l0", 48, 12)
                        .checkpoint();

        assertThat(problems(lstm, Map.of("forecast", "all-at-once")))
                .contains("network.forecast all-at-once needs a head");
        assertThat(problems(lstm, Map.of()))
                .contains("network.forecast")
                .doesNotContain("needs a head");
        assertThat(problems(lstm, Map.of("forecast", "per-frame", "channel", "0,7")))
                .contains("network.channel is one integer, got [0, 7]");
    }

    private static Checkpoint lstmBeside(String layer, int hidden) {
        return new HandmadeCheckpoint()
                .biased(layer, 3, hidden)
                .with("rnn.weight_ih_l0", 4 * hidden, 3)
                .with("rnn.weight_hh_l0", 4 * hidden, hidden)
                .checkpoint();
    }

    /** Files of two trainings: the decoder's cells would start from states of another kind. */
    @Test
    void refusesADecoderOfOtherCellsThanItsEncoder() {
        Map<String, WeightTensor> gru = tensors("aserdega-convgru-predictor");
        Map<String, WeightTensor> lstm = tensors("aserdega-convlstm-predictor");

        assertThat(problems(mixed(gru, lstm), Map.of("batch-norm", "running")))
                .contains("'lstm_encoder.cell_list.' are ConvGRUs")
                .contains("'lstm_decoder.cell_list.' ConvLSTMs");
        assertThat(problems(mixed(lstm, gru), Map.of("batch-norm", "running")))
                .contains("'lstm_encoder.cell_list.' are ConvLSTMs");
    }

    private static Map<String, WeightTensor> tensors(String fixture) {
        return CheckpointReader.read(NetworkFixture.named(fixture).weights()).tensors();
    }

    private static Checkpoint mixed(
            Map<String, WeightTensor> observing, Map<String, WeightTensor> forecasting) {
        HandmadeCheckpoint weights = new HandmadeCheckpoint();
        observing.forEach((key, tensor) -> {
            if (!key.startsWith("lstm_decoder.")) {
                weights.with(key, tensor);
            }
        });
        forecasting.forEach((key, tensor) -> {
            if (key.startsWith("lstm_decoder.")) {
                weights.with(key, tensor);
            }
        });
        return weights.checkpoint();
    }

    @Test
    void tellsAMisspeltLayout() {
        Checkpoint checkpoint = lstmBeside("head", 5);

        assertThatThrownBy(() -> RecognisedNetwork.read(checkpoint, Map.of("layout", "torch-rn")))
                .isInstanceOf(LayoutException.class)
                .hasMessageStartingWith("network.layout is one of [radar-convgru, ")
                .hasMessageEndingWith(", got 'torch-rn'");
    }

    /** Entries that a reading did not get to are no mistakes. */
    @Test
    void tellsOfEntriesWithoutMeaningOnlyAfterAWholeReading() {
        Checkpoint checkpoint =
                new HandmadeCheckpoint()
                        .with("rnn.weight_ih_l0", 10, 1)
                        .with("rnn.weight_hh_l0", 10, 2)
                        .checkpoint();

        assertThat(problems(checkpoint, Map.of("forecast", "per-frame")))
                .contains("5 row blocks")
                .doesNotContain("mean nothing");
    }

    @Test
    void tellsAnEvenKernelOnce() {
        Checkpoint checkpoint =
                new HandmadeCheckpoint().with("cell_list.0.conv.weight", 8, 3, 2, 2).checkpoint();

        assertThat(
                        RecognisedNetwork.read(
                                        checkpoint,
                                        Map.of("gates", "i,f,o,g", "forecast", "per-frame"))
                                .problems())
                .singleElement()
                .asString()
                .contains("'cell_list.0.conv.weight' has a kernel of 2x2, expected an odd one");
    }

    @Test
    void tellsAPatchThatIsNoOptionOnce() {
        Map<String, String> choices = Map.of("patch", "3", "hidden-state", "o*g");

        assertThat(
                        RecognisedNetwork.read(
                                        CheckpointReader.read(
                                                NetworkFixture.named("openstl-o-g").weights()),
                                        choices)
                                .problems())
                .containsExactly("network.patch is one of [1, 2], got '3'");
    }

    @Test
    void saysNothingOfLayersThatMayBeTheHeadUntilOneIsNamed() {
        Checkpoint checkpoint =
                new HandmadeCheckpoint()
                        .biased("embed", 3, 1)
                        .with("rnn.weight_ih_l0", 20, 3)
                        .with("rnn.weight_hh_l0", 20, 5)
                        .biased("fc", 3, 5)
                        .checkpoint();

        assertThat(RecognisedNetwork.read(checkpoint, Map.of("forecast", "closed-loop")).problems())
                .singleElement()
                .asString()
                .contains(
                        "network.head, one of [embed, fc, none], or several layers from the first to the last, separated by commas; network.stem names those that stand before the stack");
        assertThat(problems(checkpoint, Map.of("forecast", "closed-loop", "head", "fc")))
                .contains("'embed.weight' tensor[3, 1] is unknown");
    }

    @Test
    void refusesToFeedABidirectionalNetworkItsOwnForecast() {
        Map<String, String> choices = Map.of("forecast", "closed-loop", "head", "linear");

        assertThat(
                        problems(
                                CheckpointReader.read(
                                        NetworkFixture.named("lstm-bidirectional").weights()),
                                choices))
                .contains("a bidirectional network needs the whole sequence");
    }

    /** {@code output[:, -1]} and {@code h_n} have the same shape and are not the same. */
    @Test
    void asksWhatTheHeadOfABidirectionalNetworkReads() {
        Checkpoint checkpoint =
                CheckpointReader.read(NetworkFixture.named("lstm-bidirectional-final").weights());
        Map<String, String> choices = Map.of("forecast", "all-at-once", "head", "linear");

        assertThat(problems(checkpoint, choices))
                .contains("network.head-reads, one of [final-states, last-frame]");
    }

    /** What stands between two layers has no weights, and changes every number. */
    @Test
    void asksWhatStandsBetweenTheLayersAroundAStack() {
        Checkpoint checkpoint =
                CheckpointReader.read(NetworkFixture.named("gru-embedded").weights());
        Map<String, String> choices = new HashMap<>();
        choices.put("forecast", "closed-loop");
        choices.put("stem", "embed");
        choices.put("head", "linear.0,linear.2");

        assertThat(RecognisedNetwork.read(checkpoint, choices).problems())
                .satisfiesExactlyInAnyOrder(
                        one -> assertThat(one).contains("must say network.stem-activation, one of"),
                        one -> assertThat(one).contains("must say network.head-between, one of"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "head; linear.0,linear.1; network.head names each once of [linear.0, linear.2, none], got [linear.0, linear.1]",
                "head; linear.2,linear.2; network.head names each once of [linear.0, linear.2, none], got [linear.2, linear.2]",
                "head; linear.2,linear.0; 'linear.2.weight' has shape [2, 3], expected [2, 5] (head)",
                "head; linear.2; 'linear.0.weight' tensor[3, 5] is unknown",
                "head; linear.0,none; not read: [linear.0.weight, linear.0.bias, linear.2.weight, linear.2.bias]",
                "stem; embedding; network.stem names each once of [linear.0, linear.2, embed], got [embedding]",
                "stem; embed,linear.2; 'linear.2.weight' has shape [2, 3], expected [4, 4] (stem)",
                "stem; linear.2; 'linear.2.weight' has shape [2, 3], expected [4, 3] (stem)",
            })
    void refusesOtherLayersAroundAStackThanTheFileHas(String entry, String names, String problem) {
        NetworkFixture fixture = NetworkFixture.named("gru-embedded");
        Map<String, String> choices = new HashMap<>(fixture.choices());
        choices.put(entry, names);

        assertThat(problems(CheckpointReader.read(fixture.weights()), choices)).contains(problem);
    }

    @Test
    void refusesAStemBeforeANetworkThatReadsTheWholeSequence() {
        NetworkFixture fixture = NetworkFixture.named("gru-embedded");
        Map<String, String> choices = new HashMap<>(fixture.choices());
        choices.put("forecast", "all-at-once");

        assertThat(problems(CheckpointReader.read(fixture.weights()), choices))
                .contains("network.stem goes with a network of one direction");
    }

    /** The weights of the decoder were offered as read-outs of the encoder. */
    @Test
    void offersNoWeightsOfASecondNetworkAsTheHead() {
        HandmadeCheckpoint lstms = new HandmadeCheckpoint();
        HandmadeCheckpoint convLstms = new HandmadeCheckpoint();
        for (String part : List.of("encoder", "decoder")) {
            lstms.with(part + ".rnn.weight_ih_l0", 20, 1).with(part + ".rnn.weight_hh_l0", 20, 5);
            convLstms.biased(part + ".cell_list.0.conv", 16, 5, 3, 3);
        }
        lstms.biased("decoder.fc", 1, 5);
        convLstms.biased("decoder.out", 1, 4, 1, 1);

        assertThat(problems(lstms.checkpoint(), Map.of("forecast", "closed-loop")))
                .contains("several RNNs, [encoder.rnn, decoder.rnn]")
                .contains("TorchScript")
                .doesNotContain("network.head");
        assertThat(problems(convLstms.checkpoint(), Map.of("forecast", "closed-loop")))
                .contains("another such network")
                .contains("decoder.cell_list.0.conv.weight")
                .contains("TorchScript")
                .doesNotContain("network.head");
    }

    @ParameterizedTest
    @CsvSource({
        "'lstm1,lstm3', '[lstm1, lstm2], got [lstm1, lstm3]'",
        "'lstm1,lstm1', '[lstm1, lstm2], got [lstm1, lstm1]'",
        "lstm1, 'lstm2.weight_ih_l0'",
        "'lstm2,lstm1', 'expected [20, 7]'"
    })
    void refusesAStackThatIsNotTheNetwork(String stack, String reason) {
        Checkpoint checkpoint =
                new HandmadeCheckpoint()
                        .with("lstm1.weight_ih_l0", 20, 1)
                        .with("lstm1.weight_hh_l0", 20, 5)
                        .with("lstm2.weight_ih_l0", 28, 5)
                        .with("lstm2.weight_hh_l0", 28, 7)
                        .biased("dense", 1, 7)
                        .checkpoint();

        assertThat(problems(checkpoint, Map.of("forecast", "closed-loop", "stack", stack)))
                .contains(reason);
        assertThat(problems(checkpoint, Map.of("forecast", "closed-loop", "stack", "lstm1, lstm2")))
                .isEmpty();
    }

    private static String problems(Checkpoint checkpoint, Map<String, String> choices) {
        return String.join("; ", RecognisedNetwork.read(checkpoint, choices).problems());
    }
}
