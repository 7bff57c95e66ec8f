package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Convolution;
import io.nowcast.network.Features;
import io.nowcast.network.Feed;
import io.nowcast.network.Gates;
import io.nowcast.network.Layer;
import io.nowcast.network.Lstm;
import io.nowcast.network.ReadOut;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.StepwiseNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The U-shaped ConvLSTM of czifan/ConvLSTM.pytorch. The encoder alternates {@code conv_N} of stride
 * 2 and {@code convlstm_N}, the decoder {@code deconv_N} of stride 2 and {@code convlstm_N} over
 * the encoder's output of that size beside its own; {@code conv_N} ends it. Every convolution has a
 * BatchNorm; the cells' gates are i, f, g, o, and their candidate g has no tanh. One frame comes
 * out for each one that goes in. The functions after the convolutions are those of the published
 * configurations, leaky ReLUs and a sigmoid at the end, where the manifest names no others.
 */
final class UNetConvLstmLayout implements Layout {

    private static final int STRIDE = 2;

    /** The names of the configurations, {@code none} for any other. */
    private static final Map<String, Activation> ACTIVATIONS =
            Map.of(
                    "leaky", new Activation.LeakyRelu(0.01),
                    "relu", new Activation.Relu(),
                    "none", new Activation.Identity());

    private static final Map<String, Activation> HEAD_ACTIVATIONS =
            Map.of(
                    "sigmoid", new Activation.Sigmoid(),
                    "leaky", new Activation.LeakyRelu(0.01),
                    "relu", new Activation.Relu(),
                    "none", new Activation.Identity());

    @Override
    public String name() {
        return "czifan-convlstm";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return keys.contains("encoder.convlstm_1.0.conv.0.weight");
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        BatchNorm norm = choices.among("batch-norm", BatchNorm.OPTIONS, "running");
        Layer activation = new Layer.Activate(choices.among("activation", ACTIVATIONS, "leaky"));
        Layer last =
                new Layer.Activate(choices.among("head-activation", HEAD_ACTIVATIONS, "sigmoid"));
        int levels =
                KeyPattern.count(
                        weights.keys(), level -> "encoder.conv_" + 2 * level + ".0.weight");
        int first = weights.size("encoder.conv_0.0.weight", 1);
        List<Features> skips = new ArrayList<>();
        skips.add(new Features.Frame());
        int channels = first;
        List<Integer> widths = new ArrayList<>(List.of(first));
        for (int level = 0; level < levels; level++) {
            String key = "encoder.conv_" + 2 * level;
            int outputs = weights.size(key + ".0.weight", 0);
            int kernel = weights.size(key + ".0.weight", 2);
            List<Layer> down =
                    layers(
                            norm,
                            weights,
                            key,
                            weights.unbiased(
                                    key,
                                    key + ".0",
                                    outputs,
                                    channels,
                                    kernel,
                                    STRIDE,
                                    (kernel - STRIDE + 1) / 2,
                                    false),
                            activation);
            Lstm cell = cell(norm, weights, "encoder.convlstm_" + (2 * level + 1), outputs);
            skips.add(
                    Features.Recurrent.fromZero(new Features.Through(skips.getLast(), down), cell));
            channels = cell.hiddenChannels();
            widths.add(channels);
        }
        Features features = skips.getLast();
        for (int level = levels - 1; level >= 0; level--) {
            int index = 2 * (levels - 1 - level);
            String key = "decoder.deconv_" + index;
            int outputs = weights.size(key + ".0.weight", 1);
            int kernel = weights.size(key + ".0.weight", 2);
            List<Layer> up =
                    layers(
                            norm,
                            weights,
                            key,
                            weights.unbiased(
                                    key,
                                    key + ".0",
                                    outputs,
                                    channels,
                                    kernel,
                                    STRIDE,
                                    (kernel - STRIDE + 1) / 2,
                                    true),
                            activation);
            Lstm cell =
                    cell(
                            norm,
                            weights,
                            "decoder.convlstm_" + (index + 1),
                            widths.get(level) + outputs);
            features =
                    Features.Recurrent.fromZero(
                            new Features.Joined(
                                    List.of(skips.get(level), new Features.Through(features, up))),
                            cell);
            channels = cell.hiddenChannels();
        }
        String head = "decoder.conv_" + 2 * levels;
        List<Layer> readOut =
                layers(
                        norm,
                        weights,
                        head,
                        weights.same(
                                head, head + ".0", weights.size(head + ".0.weight", 0), channels),
                        last);
        return new StepwiseNetwork(
                first,
                Optional.empty(),
                features,
                new Feed.ObservedFrames(),
                new ReadOut.Direct(readOut));
    }

    private static List<Layer> layers(
            BatchNorm norm, Weights weights, String key, Convolution convolution, Layer last) {
        List<Layer> layers = new ArrayList<>(norm.after(convolution, weights, key, key + ".1"));
        layers.add(last);
        return layers;
    }

    private static Lstm cell(BatchNorm norm, Weights weights, String key, int inputs) {
        String name = key + ".0.conv";
        int channels = CellWeights.hiddenChannels(weights, name + ".0", 4);
        Convolution both =
                weights.same(key + ", gates i,f,g,o", name + ".0", 4 * channels, inputs + channels);
        List<Layer> normalised = norm.after(both, weights, key, name + ".1");
        Gates gates =
                CellWeights.gates(
                        (Convolution) normalised.getFirst(),
                        channels,
                        normalised.subList(1, normalised.size()));
        return new Lstm(
                gates,
                Lstm.Order.IFGO,
                new Activation.Identity(),
                Lstm.Output.CELL_STATE,
                Optional.empty(),
                Optional.empty());
    }
}
