package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Features;
import io.nowcast.network.Feed;
import io.nowcast.network.Layer;
import io.nowcast.network.Lstm;
import io.nowcast.network.ReadOut;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.StepwiseNetwork;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The sequence to sequence ConvLSTM of holmdk/Video-Prediction-using-PyTorch: {@code
 * encoder_{1,2}_convlstm.conv}, {@code decoder_{1,2}_convlstm.conv} with gates i, f, o, g, and
 * {@code decoder_CNN}, a {@code Conv3d} of one frame, with a sigmoid. The decoder starts from zeros
 * and is fed the encoder's last state, then its own.
 */
final class HiddenFeedbackLayout implements Layout {

    @Override
    public String name() {
        return "holmdk-seq2seq";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return keys.contains("encoder_1_convlstm.conv.weight")
                && keys.contains("decoder_1_convlstm.conv.weight");
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        int channels = CellWeights.hiddenChannels(weights, "encoder_1_convlstm.conv", 4);
        int inputs = CellWeights.inputChannels(weights, "encoder_1_convlstm.conv", channels);
        Features frame = new Features.Frame();
        Features observed =
                Features.Recurrent.fromZero(
                        Features.Recurrent.fromZero(
                                frame, cell(weights, "encoder_1", channels, inputs)),
                        cell(weights, "encoder_2", channels, channels));
        Features forecast =
                Features.Recurrent.fromZero(
                        Features.Recurrent.fromZero(
                                frame, cell(weights, "decoder_1", channels, channels)),
                        cell(weights, "decoder_2", channels, channels));
        List<Layer> head =
                List.of(
                        weights.biased(
                                "read-out",
                                "decoder_CNN",
                                weights.size("decoder_CNN.weight", 0),
                                channels),
                        new Layer.Activate(new Activation.Sigmoid()));
        return new StepwiseNetwork(
                inputs,
                Optional.of(observed),
                forecast,
                new Feed.OwnFeatures(observed),
                new ReadOut.Direct(head));
    }

    private static Lstm cell(Weights weights, String name, int channels, int inputs) {
        String key = name + "_convlstm.conv";
        return Lstm.of(
                CellWeights.gates(weights, name + ", gates i,f,o,g", key, 4, channels, inputs),
                Lstm.Order.IFOG);
    }
}
