package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Convolution;
import io.nowcast.network.Gates;
import io.nowcast.network.GruResetBefore;
import io.nowcast.network.RecurrentNetwork;
import java.util.List;
import java.util.Set;

/**
 * The ConvGRU of blog tutorials: {@code conv_x_z, conv_h_z, conv_x_r, conv_h_r} for the gates,
 * {@code conv} of the input and {@code conv_u} of the reset state for the candidate, and the
 * read-out {@code conv_out}; the update gate lets the new state in.
 */
final class TutorialConvGruLayout implements Layout {

    private static final String FIRST = "conv_x_z.weight";

    @Override
    public String name() {
        return "tutorial-convgru";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return KeyPattern.prefixOf(keys, FIRST).isPresent();
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        String prefix = KeyPattern.prefixOf(weights.keys(), FIRST).orElse("");
        int channels = weights.size(prefix + FIRST, 0);
        int inputs = weights.size(prefix + FIRST, 1);
        Gates gates =
                Gates.of(
                        both(weights, prefix, "x", channels, inputs),
                        both(weights, prefix, "h", channels, channels));
        Gates candidate =
                Gates.of(
                        layer(
                                weights,
                                "candidate of the input",
                                prefix,
                                "x",
                                "conv",
                                channels,
                                inputs),
                        layer(
                                weights,
                                "candidate of the state",
                                prefix,
                                "h",
                                "conv_u",
                                channels,
                                channels));
        GruResetBefore cell =
                CellWeights.updateReplaces(
                        gates, GruResetBefore.Order.RZ, candidate, new Activation.Tanh());
        return new StackForecast(weights, choices).of(inputs, List.of(cell));
    }

    private static Convolution both(
            Weights weights, String prefix, String source, int channels, int inputs) {
        return CellWeights.stacked(
                List.of(
                        gate(weights, "reset", prefix, source, channels, inputs),
                        gate(weights, "update", prefix, source, channels, inputs)));
    }

    private static CellWeights.Gate gate(
            Weights weights, String gate, String prefix, String source, int channels, int inputs) {
        String name = "conv_" + source + (gate.equals("reset") ? "_r" : "_z");
        String role = gate + " gate of " + source;
        return new CellWeights.Gate(
                prefix + name, layer(weights, role, prefix, source, name, channels, inputs));
    }

    /** The three layers of the input, or of the state, have biases or none has. */
    private static Convolution layer(
            Weights weights,
            String role,
            String prefix,
            String source,
            String name,
            int channels,
            int inputs) {
        return weights.alike(
                prefix + "conv_" + source + "_z", role, prefix + name, channels, inputs);
    }
}
