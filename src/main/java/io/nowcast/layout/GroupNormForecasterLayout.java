package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Cell;
import io.nowcast.network.Convolution;
import io.nowcast.network.Gates;
import io.nowcast.network.GruResetBefore;
import io.nowcast.network.Layer;
import io.nowcast.network.Lstm;
import io.nowcast.network.RecurrentNetwork;
import java.util.List;
import java.util.Set;

/**
 * The encoder-forecaster of jhhuang96/ConvLSTM-PyTorch. ConvLSTM cells are {@code conv.0} over
 * input and state with gates i, f, g, o and a GroupNorm {@code conv.1} of 32 channels a group;
 * ConvGRU cells are {@code conv1} with update and reset and {@code conv2} with the candidate,
 * likewise, and their update gate lets the new state in. The topmost cell of the decoder sees
 * zeros.
 */
final class GroupNormForecasterLayout implements Layout {

    private static final int GROUP = 32;

    @Override
    public String name() {
        return "jhhuang96-encoder-forecaster";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return keys.contains("encoder.rnn1.conv.0.weight")
                || keys.contains("encoder.rnn1.conv1.0.weight");
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        return new EncoderForecasterReader(weights, choices, "decoder")
                .read((key, inputs, takesInput) ->
                        weights.has("encoder.rnn1.conv.0.weight")
                                ? lstm(weights, key, inputs, takesInput)
                                : gru(weights, key, inputs, takesInput));
    }

    private static Cell lstm(Weights weights, String key, int inputs, boolean takesInput) {
        return Lstm.of(
                gates(weights, key + ", gates i,f,g,o", key + ".conv", 4, inputs, takesInput),
                Lstm.Order.IFGO);
    }

    private static Cell gru(Weights weights, String key, int inputs, boolean takesInput) {
        return CellWeights.updateReplaces(
                gates(weights, key + ", gates z,r", key + ".conv1", 2, inputs, takesInput),
                GruResetBefore.Order.ZR,
                gates(weights, key + ", candidate", key + ".conv2", 1, inputs, takesInput),
                new Activation.Tanh());
    }

    private static Gates gates(
            Weights weights, String role, String key, int gates, int inputs, boolean takesInput) {
        int channels = CellWeights.hiddenChannels(weights, key + ".0", gates);
        // The decoder's topmost cell has weights for an input that is always zero, of any size.
        int seen = takesInput ? inputs : CellWeights.inputChannels(weights, key + ".0", channels);
        Convolution both = weights.biased(role, key + ".0", gates * channels, seen + channels);
        int groups = Math.max(1, gates * channels / GROUP);
        Layer norm = CellWeights.groupNorm(weights, role, key + ".1", groups, gates * channels);
        Gates all = CellWeights.gates(both, channels, List.of(norm));
        return takesInput ? all : all.withoutInput();
    }
}
