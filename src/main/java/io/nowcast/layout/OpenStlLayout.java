package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Cell;
import io.nowcast.network.Convolution;
import io.nowcast.network.Gates;
import io.nowcast.network.Layer;
import io.nowcast.network.Lstm;
import io.nowcast.network.RecurrentNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The ConvLSTM of chengtan9907/OpenSTL: {@code cell_list.N.conv_x.0} and {@code conv_h.0} without
 * bias, gates i, f, g, o, each with a LayerNorm {@code .1} where trained with one; {@code conv_o}
 * and the cells' own {@code conv_last} are in the file but in no formula. Releases up to 0.3
 * compute h = o ⊙ g, later ones h = o ⊙ tanh(c), behind the same keys.
 */
final class OpenStlLayout implements Layout {

    private static final Map<String, Lstm.Output> FORMULAS =
            Map.of("o*tanh(c)", Lstm.Output.CELL_STATE, "o*g", Lstm.Output.CANDIDATE);

    @Override
    public String name() {
        return "openstl-convlstm";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return keys.contains("cell_list.0.conv_x.0.weight")
                && keys.contains("cell_list.0.conv_h.0.weight");
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        Lstm.Output output = choices.among("hidden-state", FORMULAS);
        int layers = KeyPattern.count(weights.keys(), layer -> key(layer) + ".conv_x.0.weight");
        PatchedStack stack = new PatchedStack(weights, choices);
        return stack.network(layers, layer -> cell(weights, stack, layer, output));
    }

    private static String key(int layer) {
        return "cell_list." + layer;
    }

    private static Cell cell(Weights weights, PatchedStack stack, int layer, Lstm.Output output) {
        String key = key(layer);
        int channels = CellWeights.hiddenChannels(weights, key + ".conv_x.0", 4);
        int inputs =
                layer == 0
                        ? weights.size(key + ".conv_x.0.weight", 1)
                        : CellWeights.hiddenChannels(weights, key(layer - 1) + ".conv_x.0", 4);
        List<Layer> input =
                path(
                        weights,
                        stack,
                        key,
                        "conv_x",
                        "gates i,f,g,o of the input",
                        4 * channels,
                        inputs,
                        layer == 0);
        List<Layer> hidden =
                path(
                        weights,
                        stack,
                        key,
                        "conv_h",
                        "gates i,f,g,o of the state",
                        4 * channels,
                        channels,
                        false);
        for (String unused :
                List.of(
                        ".conv_o.0.weight",
                        ".conv_o.1.weight",
                        ".conv_o.1.bias",
                        ".conv_last.weight")) {
            weights.ignore("in no formula", key + unused);
        }
        return new Lstm(
                new Gates(input, hidden, List.of()),
                Lstm.Order.IFGO,
                new Activation.Tanh(),
                output,
                Optional.empty(),
                Optional.empty());
    }

    /** A convolution without bias and, where there is one, the LayerNorm after it. */
    static List<Layer> path(
            Weights weights,
            PatchedStack stack,
            String key,
            String part,
            String role,
            int outputs,
            int inputs,
            boolean overPatches) {
        String name = key + "." + part;
        Convolution convolution = weights.same(key + ", " + role, name + ".0", outputs, inputs);
        List<Layer> layers = new ArrayList<>();
        layers.add(overPatches ? stack.overPatches(convolution) : convolution);
        if (weights.has("cell_list.0.conv_x.1.weight")) {
            layers.add(CellWeights.layerNorm(weights, key + ", " + role, name + ".1", outputs));
        }
        return layers;
    }
}
