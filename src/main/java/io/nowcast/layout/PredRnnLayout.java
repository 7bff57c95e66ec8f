package io.nowcast.layout;

import io.nowcast.network.Cell;
import io.nowcast.network.Convolution;
import io.nowcast.network.Layer;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.SpatiotemporalLstm;
import io.nowcast.network.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * PredRNN of thuml/predrnn-pytorch (and OpenSTL): {@code cell_list.N.conv_x.0} with i, f, g, i',
 * f', g', o, {@code conv_h.0} with i, f, g, o, {@code conv_m.0} with i', f', g', {@code conv_o.0},
 * {@code conv_last}; LayerNorms {@code .1} where trained with them. Its code adds 1 to both forget
 * gates. The {@code adapter} of version 2 serves training only.
 */
final class PredRnnLayout implements Layout {

    private static final double FORGET_BIAS = 1;

    @Override
    public String name() {
        return "predrnn";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return keys.contains("cell_list.0.conv_m.0.weight");
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        weights.ignore("training only", "adapter.weight");
        int layers = KeyPattern.count(weights.keys(), layer -> key(layer) + ".conv_x.0.weight");
        for (int layer = 1; layer < layers; layer++) {
            requireSharedMemory(channels(weights, 0), channels(weights, layer), layer);
        }
        PatchedStack stack = new PatchedStack(weights, choices);
        return stack.network(layers, layer -> cell(weights, stack, layer));
    }

    private static String key(int layer) {
        return "cell_list." + layer;
    }

    private static void requireSharedMemory(int first, int other, int layer) {
        if (first != other) {
            throw new IllegalArgumentException(
                    "'%s' has %d channels and '%s' %d, but all cells share one memory"
                            .formatted(key(0), first, key(layer), other));
        }
    }

    private static int channels(Weights weights, int layer) {
        return weights.size(key(layer) + ".conv_last.weight", 0);
    }

    private static Cell cell(Weights weights, PatchedStack stack, int layer) {
        String key = key(layer);
        int channels = channels(weights, layer);
        int inputs =
                layer == 0
                        ? weights.size(key + ".conv_x.0.weight", 1)
                        : channels(weights, layer - 1);
        List<Layer> input =
                OpenStlLayout.path(
                        weights,
                        stack,
                        key,
                        "conv_x",
                        "gates i,f,g,i',f',g',o of the input",
                        7 * channels,
                        inputs,
                        layer == 0);
        return new SpatiotemporalLstm(
                withForgetBias(input, channels),
                OpenStlLayout.path(
                        weights,
                        stack,
                        key,
                        "conv_h",
                        "gates i,f,g,o of the state",
                        4 * channels,
                        channels,
                        false),
                OpenStlLayout.path(
                        weights,
                        stack,
                        key,
                        "conv_m",
                        "gates i',f',g' of the memory",
                        3 * channels,
                        channels,
                        false),
                OpenStlLayout.path(
                        weights,
                        stack,
                        key,
                        "conv_o",
                        "output gate of c and m",
                        channels,
                        2 * channels,
                        false),
                weights.same(key + ".conv_last", key + ".conv_last", channels, 2 * channels));
    }

    /** Adds the forget bias to the shift of the last layer: the norm's, else the convolution's. */
    private static List<Layer> withForgetBias(List<Layer> input, int channels) {
        List<Layer> layers = new ArrayList<>(input);
        Layer shifted =
                switch (layers.removeLast()) {
                    case Layer.LayerNorm(WeightTensor weight, WeightTensor bias, double e) ->
                            new Layer.LayerNorm(weight, forgetting(bias, channels), e);
                    case Convolution convolution ->
                            Convolution.same(
                                    convolution.weight(),
                                    Optional.of(
                                            forgetting(
                                                    convolution
                                                            .bias()
                                                            .orElseGet(() ->
                                                                    WeightTensor.zeros(
                                                                            7 * channels)),
                                                    channels)));
                    case Layer other -> throw new IllegalStateException("unexpected " + other);
                };
        layers.add(shifted);
        return layers;
    }

    private static WeightTensor forgetting(WeightTensor bias, int channels) {
        return bias.mapRows(channels, channels, value -> value + FORGET_BIAS)
                .mapRows(4 * channels, channels, value -> value + FORGET_BIAS);
    }
}
