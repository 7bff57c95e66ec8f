package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Cell;
import io.nowcast.network.GruResetBefore;
import io.nowcast.network.RecurrentNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A stack of ConvGRU cells as jacobkimmel/pytorch_convgru keeps it: {@code
 * ConvGRUCell_00.{reset_gate, update_gate, out_gate}}, each over input and state; the update gate
 * lets the new state in.
 */
final class SeparateConvGruLayout implements Layout {

    private static final String FIRST = "ConvGRUCell_00.reset_gate.weight";

    @Override
    public String name() {
        return "jacobkimmel-convgru";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return KeyPattern.prefixOf(keys, FIRST).isPresent();
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        String prefix = KeyPattern.prefixOf(weights.keys(), FIRST).orElse("");
        int layers =
                KeyPattern.count(
                        weights.keys(), layer -> cell(prefix, layer) + ".reset_gate.weight");
        String firstGate = cell(prefix, 0) + ".reset_gate";
        int first =
                CellWeights.inputChannels(
                        weights, firstGate, CellWeights.hiddenChannels(weights, firstGate, 1));
        int inputs = first;
        List<Cell> cells = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            String key = cell(prefix, layer);
            int channels = CellWeights.hiddenChannels(weights, key + ".reset_gate", 1);
            CellWeights.Gate reset = gate(weights, firstGate, key, "reset", channels, inputs);
            CellWeights.Gate update = gate(weights, firstGate, key, "update", channels, inputs);
            CellWeights.Gate candidate = gate(weights, firstGate, key, "out", channels, inputs);
            cells.add(
                    CellWeights.updateReplaces(
                            CellWeights.gates(
                                    CellWeights.stacked(List.of(reset, update)),
                                    channels,
                                    List.of()),
                            GruResetBefore.Order.RZ,
                            CellWeights.gates(candidate.convolution(), channels, List.of()),
                            new Activation.Tanh()));
            inputs = channels;
        }
        return new StackForecast(weights, choices).of(first, cells);
    }

    private static String cell(String prefix, int layer) {
        return prefix + String.format(Locale.ROOT, "ConvGRUCell_%02d", layer);
    }

    private static CellWeights.Gate gate(
            Weights weights, String first, String cell, String gate, int channels, int inputs) {
        String key = cell + "." + gate + "_gate";
        String role = cell + ", " + gate + " gate";
        return new CellWeights.Gate(
                key, weights.alike(first, role, key, channels, inputs + channels));
    }
}
