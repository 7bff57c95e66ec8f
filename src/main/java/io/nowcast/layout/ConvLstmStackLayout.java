package io.nowcast.layout;

import io.nowcast.network.Convolution;
import io.nowcast.network.Gates;
import io.nowcast.network.Layer;
import io.nowcast.network.Lstm;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A stack of fused ConvLSTM cells as ndrplz/ConvLSTM_pytorch, aserdega/convlstmgru and many after
 * them keep it: {@code cell_list.N.conv} over input and state, and {@code cell_list.N.W{ci,cf,co}}
 * where there are peepholes. The order of the gates differs between copies and cannot be seen.
 */
final class ConvLstmStackLayout implements Layout {

    private static final String FIRST = "cell_list.0.conv.weight";

    private static final List<String> ORDERS = List.of("i,f,o,g", "i,f,g,o", "f,i,o,g", "f,i,g,o");

    @Override
    public String name() {
        return "convlstm-stack";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return KeyPattern.prefixOf(keys, FIRST).isPresent();
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        String stack = KeyPattern.prefixOf(weights.keys(), FIRST).orElse("") + "cell_list.";
        String gates = choices.among("gates", ORDERS, Optional.empty());
        Lstm.Order order = gates.endsWith("o,g") ? Lstm.Order.IFOG : Lstm.Order.IFGO;
        List<Lstm> cells = cells(weights, stack, order);
        return new StackForecast(weights, choices)
                .of(
                        inputChannels(weights, stack),
                        gates.startsWith("f")
                                ? cells.stream().map(ConvLstmStackLayout::inputFirst).toList()
                                : cells);
    }

    /** The cell whose first two row blocks of gates are those of forget and input. */
    private static Lstm inputFirst(Lstm cell) {
        Gates gates = cell.gates();
        return new Lstm(
                new Gates(
                        swapped(gates.input(), cell.cellChannels()),
                        swapped(gates.hidden(), cell.cellChannels()),
                        gates.norm()),
                cell.order(),
                cell.candidate(),
                cell.output(),
                cell.peepholes(),
                cell.projection());
    }

    private static List<Layer> swapped(List<Layer> layers, int channels) {
        Convolution gates = (Convolution) layers.getFirst();
        return List.of(
                Convolution.same(
                        swapped(gates.weight(), channels),
                        gates.bias().map(bias -> swapped(bias, channels))));
    }

    private static WeightTensor swapped(WeightTensor gates, int channels) {
        return gates.slice(0, channels, channels)
                .joinedWith(gates.slice(0, 0, channels), 0)
                .joinedWith(gates.slice(0, 2 * channels, 2 * channels), 0);
    }

    static int inputChannels(Weights weights, String stack) {
        int channels = CellWeights.hiddenChannels(weights, stack + "0.conv", 4);
        return CellWeights.inputChannels(weights, stack + "0.conv", channels);
    }

    static List<Lstm> cells(Weights weights, String stack, Lstm.Order order) {
        List<Lstm> cells = new ArrayList<>();
        int layers = KeyPattern.count(weights.keys(), layer -> stack + layer + ".conv.weight");
        boolean peepholes = weights.has(stack + "0.Wci");
        int inputs = inputChannels(weights, stack);
        for (int layer = 0; layer < layers; layer++) {
            String role = stack + layer;
            String key = stack + layer + ".conv";
            int channels = CellWeights.hiddenChannels(weights, key, 4);
            Gates gates = CellWeights.gates(weights, role + ", gates", key, 4, channels, inputs);
            Lstm cell = Lstm.of(gates, order);
            cells.add(
                    peepholes
                            ? cell.with(
                                    CellWeights.peepholes(weights, role, stack + layer, channels))
                            : cell);
            inputs = channels;
        }
        return cells;
    }
}
