package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Features;
import io.nowcast.network.Feed;
import io.nowcast.network.Layer;
import io.nowcast.network.Lstm;
import io.nowcast.network.ReadOut;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.StepwiseNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The Moving MNIST network of Silver0x10/VideoPrediction_MovingMNIST, on pixels from 0 to 255:
 * {@code conv1, conv2} with BatchNorm and GELU, cells {@code enc1, enc2, dec1, dec2} with gates i,
 * f, o, g, then {@code deconv1} and {@code deconv2} with skips from the convolutions. To forecast
 * it sees the observed frames again, from the first, with the encoder's states carried on.
 */
final class ReplayLayout implements Layout {

    @Override
    public String name() {
        return "silver0x10-moving-mnist";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return keys.containsAll(
                Set.of(
                        "enc1.conv.weight",
                        "dec1.conv.weight",
                        "conv1.0.weight",
                        "deconv2.0.weight"));
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        BatchNorm norm = choices.among("batch-norm", BatchNorm.OPTIONS);
        int channels = CellWeights.hiddenChannels(weights, "enc1.conv", 4);
        Features fine = new Features.Through(new Features.Frame(), block(weights, norm, "conv1"));
        Features coarse = new Features.Through(fine, block(weights, norm, "conv2"));
        int inputs = weights.size("conv2.0.weight", 0);
        Features observed =
                Features.Recurrent.fromZero(
                        Features.Recurrent.fromZero(
                                coarse, cell(weights, "enc1", channels, inputs)),
                        cell(weights, "enc2", channels, channels));
        Features forecast =
                Features.Recurrent.fromZero(
                        Features.Recurrent.fromZero(
                                observed, cell(weights, "dec1", channels, channels)),
                        cell(weights, "dec2", channels, channels));
        Features decoded =
                new Features.Through(
                        new Features.Sum(forecast, coarse), block(weights, norm, "deconv1"));
        List<Layer> head =
                List.of(
                        weights.biased(
                                "read-out",
                                "deconv2.0",
                                weights.size("deconv2.0.weight", 0),
                                weights.size("conv1.0.weight", 0)),
                        new Layer.Activate(new Activation.Tanh()),
                        new Layer.Scale(10),
                        new Layer.Activate(new Activation.Sigmoid()),
                        new Layer.Scale(255));
        return new StepwiseNetwork(
                weights.size("conv1.0.weight", 1),
                Optional.of(observed),
                new Features.Sum(decoded, fine),
                new Feed.ObservedFrames(),
                new ReadOut.Direct(head));
    }

    private static List<Layer> block(Weights weights, BatchNorm norm, String key) {
        List<Layer> layers =
                new ArrayList<>(
                        norm.after(
                                weights.biased(
                                        key,
                                        key + ".0",
                                        weights.size(key + ".0.weight", 0),
                                        weights.size(key + ".0.weight", 1)),
                                weights,
                                key,
                                key + ".1"));
        layers.add(new Layer.Activate(new Activation.Gelu()));
        return layers;
    }

    private static Lstm cell(Weights weights, String key, int channels, int inputs) {
        return Lstm.of(
                CellWeights.gates(
                        weights, key + ", gates i,f,o,g", key + ".conv", 4, channels, inputs),
                Lstm.Order.IFOG);
    }
}
