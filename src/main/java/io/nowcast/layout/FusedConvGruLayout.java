package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Cell;
import io.nowcast.network.GruResetBefore;
import io.nowcast.network.RecurrentNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A stack of ConvGRU cells as happyjin/ConvGRU-pytorch keeps it: {@code cell_list.N.conv_gates}
 * with reset and update, {@code cell_list.N.conv_can} with the candidate, each over input and
 * state; the update gate lets the new state in.
 */
final class FusedConvGruLayout implements Layout {

    private static final String FIRST = "cell_list.0.conv_gates.weight";

    @Override
    public String name() {
        return "happyjin-convgru";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return KeyPattern.prefixOf(keys, FIRST).isPresent();
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        String stack = KeyPattern.prefixOf(weights.keys(), FIRST).orElse("") + "cell_list.";
        List<Cell> cells = new ArrayList<>();
        int layers =
                KeyPattern.count(weights.keys(), layer -> stack + layer + ".conv_gates.weight");
        int first =
                CellWeights.inputChannels(
                        weights,
                        stack + "0.conv_gates",
                        CellWeights.hiddenChannels(weights, stack + "0.conv_gates", 2));
        int inputs = first;
        for (int layer = 0; layer < layers; layer++) {
            String key = stack + layer;
            int channels = CellWeights.hiddenChannels(weights, key + ".conv_gates", 2);
            cells.add(
                    CellWeights.updateReplaces(
                            CellWeights.gates(
                                    weights,
                                    key + ", gates r,z",
                                    key + ".conv_gates",
                                    2,
                                    channels,
                                    inputs),
                            GruResetBefore.Order.RZ,
                            CellWeights.gates(
                                    weights,
                                    key + ", candidate",
                                    key + ".conv_can",
                                    1,
                                    channels,
                                    inputs),
                            new Activation.Tanh()));
            inputs = channels;
        }
        return new StackForecast(weights, choices).of(first, cells);
    }
}
