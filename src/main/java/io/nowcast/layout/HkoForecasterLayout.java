package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Cell;
import io.nowcast.network.Convolution;
import io.nowcast.network.Gates;
import io.nowcast.network.Lstm;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.TrajectoryGru;
import java.util.List;
import java.util.Set;

/**
 * The encoder-forecaster of Hzzone/Precipitation-Nowcasting, of the HKO-7 benchmark. ConvLSTM cells
 * are {@code _conv} over input and state with gates i, f, g, o, and {@code W{ci,cf,co}}, which a
 * file trained on a GPU lacks and which are zero then. TrajGRU cells are {@code i2h, i2f_conv1,
 * h2f_conv1, flows_conv, ret} with r, z, n. The topmost cell of the forecaster sees nothing: zeros
 * in the ConvLSTM, no input at all in the TrajGRU.
 */
final class HkoForecasterLayout implements Layout {

    private static final Activation LEAKY = new Activation.LeakyRelu(0.2);

    @Override
    public String name() {
        return "hzzone-encoder-forecaster";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return keys.contains("encoder.rnn1._conv.weight")
                || keys.contains("encoder.rnn1.flows_conv.weight");
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        return new EncoderForecasterReader(weights, choices, "forecaster")
                .read((key, inputs, takesInput) ->
                        weights.has("encoder.rnn1._conv.weight")
                                ? lstm(weights, key, inputs, takesInput)
                                : trajectoryGru(weights, key, inputs, takesInput));
    }

    private static Cell lstm(Weights weights, String key, int inputs, boolean takesInput) {
        int channels = CellWeights.hiddenChannels(weights, key + "._conv", 4);
        int seen =
                takesInput ? inputs : CellWeights.inputChannels(weights, key + "._conv", channels);
        Gates gates =
                CellWeights.gates(
                        weights, key + ", gates i,f,g,o", key + "._conv", 4, channels, seen);
        Lstm cell = Lstm.of(takesInput ? gates : gates.withoutInput(), Lstm.Order.IFGO);
        return weights.has("encoder.rnn1.Wci")
                ? cell.with(CellWeights.peepholes(weights, key, key, channels))
                : cell;
    }

    private static Cell trajectoryGru(Weights weights, String key, int inputs, boolean takesInput) {
        int channels = weights.size(key + ".h2f_conv1.weight", 1);
        int flow = weights.size(key + ".h2f_conv1.weight", 0);
        int links = weights.size(key + ".flows_conv.weight", 0) / 2;
        int seen = takesInput ? inputs : weights.size(key + ".i2h.weight", 1);
        Convolution input =
                weights.biased(
                        key + ", gates r,z,n of the input", key + ".i2h", 3 * channels, seen);
        Convolution flowInput =
                weights.biased(key + ", flow of the input", key + ".i2f_conv1", flow, seen);
        return new TrajectoryGru(
                takesInput ? List.of(input) : List.of(),
                takesInput ? List.of(flowInput) : List.of(),
                weights.biased(key + ", flow of the state", key + ".h2f_conv1", flow, channels),
                weights.biased(key + ", flow fields", key + ".flows_conv", 2 * links, flow),
                weights.biased(
                        key + ", gates r,z,n of the state",
                        key + ".ret",
                        3 * channels,
                        links * channels),
                LEAKY);
    }
}
