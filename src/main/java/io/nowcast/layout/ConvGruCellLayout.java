package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Gates;
import io.nowcast.network.GruResetBefore;
import io.nowcast.network.RecurrentNetwork;
import java.util.List;
import java.util.Set;

/**
 * The single ConvGRU cell of bionick87/ConvGRUCell-pytorch: {@code ConvGates} with reset and
 * update, {@code Conv_ct} with the candidate, each over input and state; the update gate keeps the
 * old state.
 */
final class ConvGruCellLayout implements Layout {

    private static final String FIRST = "ConvGates.weight";

    @Override
    public String name() {
        return "bionick87-convgru";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return KeyPattern.prefixOf(keys, FIRST).isPresent();
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        String prefix = KeyPattern.prefixOf(weights.keys(), FIRST).orElse("");
        int channels = CellWeights.hiddenChannels(weights, prefix + "ConvGates", 2);
        int inputs = CellWeights.inputChannels(weights, prefix + "ConvGates", channels);
        Gates gates =
                CellWeights.gates(weights, "gates r,z", prefix + "ConvGates", 2, channels, inputs);
        Gates candidate =
                CellWeights.gates(weights, "candidate", prefix + "Conv_ct", 1, channels, inputs);
        GruResetBefore cell =
                new GruResetBefore(
                        gates, GruResetBefore.Order.RZ, candidate, new Activation.Tanh());
        return new StackForecast(weights, choices).of(inputs, List.of(cell));
    }
}
