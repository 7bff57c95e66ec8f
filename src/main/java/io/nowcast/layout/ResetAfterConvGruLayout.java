package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Convolution;
import io.nowcast.network.GruResetAfter;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A stack of ConvGRU cells as aserdega/convlstmgru keeps it: {@code cell_list.N.conv_zr} with
 * update and reset over input and state, {@code conv_h1} of the input and {@code conv_h2} of the
 * state for the candidate; the reset gate acts after {@code conv_h2}, the update gate keeps the old
 * state.
 */
final class ResetAfterConvGruLayout implements Layout {

    private static final String FIRST = "cell_list.0.conv_zr.weight";

    @Override
    public String name() {
        return "aserdega-convgru";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return KeyPattern.prefixOf(keys, FIRST).isPresent();
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        String stack = KeyPattern.prefixOf(weights.keys(), FIRST).orElse("") + "cell_list.";
        return new StackForecast(weights, choices)
                .of(inputChannels(weights, stack), cells(weights, stack));
    }

    private static int inputChannels(Weights weights, String stack) {
        return weights.size(stack + "0.conv_h1.weight", 1);
    }

    static List<GruResetAfter> cells(Weights weights, String stack) {
        int layers = KeyPattern.count(weights.keys(), layer -> stack + layer + ".conv_zr.weight");
        int inputs = inputChannels(weights, stack);
        List<GruResetAfter> cells = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            GruResetAfter cell = cell(weights, stack, layer, inputs);
            cells.add(cell);
            inputs = cell.hiddenChannels();
        }
        return cells;
    }

    private static GruResetAfter cell(Weights weights, String stack, int layer, int inputs) {
        String first = stack + "0.conv_zr";
        String key = stack + layer;
        int channels = CellWeights.hiddenChannels(weights, key + ".conv_zr", 2);
        Convolution gates =
                weights.alike(
                        first,
                        key + ", gates z,r",
                        key + ".conv_zr",
                        2 * channels,
                        inputs + channels);
        Convolution candidateInput =
                weights.alike(
                        first,
                        key + ", candidate of the input",
                        key + ".conv_h1",
                        channels,
                        inputs);
        Convolution candidateState =
                weights.alike(
                        first,
                        key + ", candidate of the state",
                        key + ".conv_h2",
                        channels,
                        channels);
        CellWeights.requireEqualKernels(
                List.of(
                        new CellWeights.Gate(key + ".conv_zr", gates),
                        new CellWeights.Gate(key + ".conv_h1", candidateInput),
                        new CellWeights.Gate(key + ".conv_h2", candidateState)));
        return new GruResetAfter(
                List.of(part(gates, candidateInput, channels, 0, inputs, false)),
                part(gates, candidateState, channels, inputs, channels, true),
                new Activation.Tanh());
    }

    /**
     * Gates r, z, n of the input's or the state's part; the bias of z and r goes with the state.
     */
    private static Convolution part(
            Convolution gates,
            Convolution candidate,
            int channels,
            int from,
            int inputs,
            boolean withBias) {
        WeightTensor weight =
                reordered(gates.weight(), channels)
                        .slice(1, from, inputs)
                        .joinedWith(candidate.weight(), 0);
        Optional<WeightTensor> bias =
                gates.bias()
                        .flatMap(of ->
                                candidate
                                        .bias()
                                        .map(own ->
                                                (withBias
                                                                ? reordered(of, channels)
                                                                : WeightTensor.zeros(2 * channels))
                                                        .joinedWith(own, 0)));
        return Convolution.same(weight, bias);
    }

    /** z, r as r, z. */
    private static WeightTensor reordered(WeightTensor gates, int channels) {
        return gates.slice(0, channels, channels).joinedWith(gates.slice(0, 0, channels), 0);
    }
}
