package io.nowcast.layout;

import io.nowcast.network.Convolution;
import io.nowcast.network.Gates;
import io.nowcast.network.Lstm;
import io.nowcast.network.RecurrentNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A stack of ConvLSTM cells with a convolution for each gate, as automan000's
 * Convolutional_LSTM_PyTorch and tutorials keep it: {@code cellN.Wx{i,f,c,o}}, {@code
 * cellN.Wh{i,f,c,o}}, {@code cellN.Wc{i,f,o}} where there are peepholes; biases of Wx, of both or
 * of none.
 */
final class PerGateConvLstmLayout implements Layout {

    private static final String FIRST = "cell0.Wxi.weight";

    @Override
    public String name() {
        return "per-gate-convlstm";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return KeyPattern.prefixOf(keys, FIRST).isPresent();
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        String stack = KeyPattern.prefixOf(weights.keys(), FIRST).orElse("") + "cell";
        int layers = KeyPattern.count(weights.keys(), layer -> stack + layer + ".Wxi.weight");
        boolean peepholes = weights.has(stack + "0.Wci");
        int first = weights.size(stack + "0.Wxi.weight", 1);
        int inputs = first;
        List<Lstm> cells = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            String key = stack + layer;
            int channels = CellWeights.hiddenChannels(weights, key + ".Wxi", 1);
            Lstm cell =
                    Lstm.of(
                            Gates.of(
                                    gates(weights, stack, layer, "x", channels, inputs),
                                    gates(weights, stack, layer, "h", channels, channels)),
                            Lstm.Order.IFOG);
            cells.add(
                    peepholes
                            ? cell.with(CellWeights.peepholes(weights, key, key, channels))
                            : cell);
            inputs = channels;
        }
        return new StackForecast(weights, choices).of(first, cells);
    }

    /** The four convolutions of the input or the state as one. */
    private static Convolution gates(
            Weights weights, String stack, int layer, String source, int channels, int inputs) {
        String cell = stack + layer;
        String first = stack + "0.W" + source + "i";
        List<CellWeights.Gate> gates =
                Stream.of("i", "f", "o", "c")
                        .map(gate -> gate(weights, first, cell, source, gate, channels, inputs))
                        .toList();
        return CellWeights.stacked(gates);
    }

    private static CellWeights.Gate gate(
            Weights weights,
            String first,
            String cell,
            String source,
            String gate,
            int channels,
            int inputs) {
        String role = "%s, gate %s of %s".formatted(cell, gate, source);
        String key = cell + ".W" + source + gate;
        return new CellWeights.Gate(key, weights.alike(first, role, key, channels, inputs));
    }
}
