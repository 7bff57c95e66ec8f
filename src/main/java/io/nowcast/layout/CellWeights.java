package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Convolution;
import io.nowcast.network.Gates;
import io.nowcast.network.GruResetBefore;
import io.nowcast.network.Layer;
import io.nowcast.network.Lstm;
import io.nowcast.network.WeightTensor;
import java.util.List;
import java.util.Optional;

/** Rewrites that several layouts share: each gives the same numbers as the tensors it takes. */
final class CellWeights {

    /** PyTorch's default for all of its norms. */
    static final double EPSILON = 1e-5;

    private CellWeights() {}

    /**
     * Gates from one convolution over input and state side by side, {@code [G, C + N, k, k]}. The
     * bias goes with the state.
     */
    static Gates gates(Convolution both, int hiddenChannels, List<Layer> norm) {
        int inputs = both.inputChannels() - hiddenChannels;
        if (inputs < 1) {
            throw new IllegalArgumentException(
                    "gates over %d channels leave none for the input beside a state of %d"
                            .formatted(both.inputChannels(), hiddenChannels));
        }
        WeightTensor weight = both.weight();
        return new Gates(
                List.of(Convolution.same(weight.slice(1, 0, inputs), Optional.empty())),
                List.of(Convolution.same(weight.slice(1, inputs, hiddenChannels), both.bias())),
                norm);
    }

    /** Gates of {@code key.weight [G, C + N, k, k]}, G a multiple of N. */
    static Gates gates(
            Weights weights, String role, String key, int gates, int hiddenChannels, int inputs) {
        Convolution both = weights.same(role, key, gates * hiddenChannels, inputs + hiddenChannels);
        return gates(both, hiddenChannels, List.of());
    }

    /** Hidden channels of {@code key.weight}, whose outputs are row blocks of as many each. */
    static int hiddenChannels(Weights weights, String key, int gates) {
        return Math.max(1, weights.size(key + ".weight", 0) / gates);
    }

    /** Channels that a first layer's fused gates leave for the frame. */
    static int inputChannels(Weights weights, String key, int hiddenChannels) {
        return Math.max(1, weights.size(key + ".weight", 1) - hiddenChannels);
    }

    /** Gates of a GRU whose update gate lets the new state in: the rows of z are negated. */
    static GruResetBefore updateReplaces(
            Gates gates, GruResetBefore.Order order, Gates candidate, Activation activation) {
        int channels = gates.hiddenChannels();
        int from = order == GruResetBefore.Order.RZ ? channels : 0;
        return new GruResetBefore(gates.negated(from, channels), order, candidate, activation);
    }

    /** {@code key.W_c{i,f,o}}, stored as {@code [1, N, H, W]} or {@code [N, H, W]}. */
    static Lstm.Peepholes peepholes(Weights weights, String role, String key, int channels) {
        return new Lstm.Peepholes(
                peephole(weights, role + ", peephole of the input gate", key + ".Wci", channels),
                peephole(weights, role + ", peephole of the forget gate", key + ".Wcf", channels),
                peephole(weights, role + ", peephole of the output gate", key + ".Wco", channels));
    }

    private static WeightTensor peephole(Weights weights, String role, String key, int channels) {
        boolean batched = weights.rank(key) == 4;
        int rows = weights.size(key, batched ? 2 : 1);
        int columns = weights.size(key, batched ? 3 : 2);
        return batched
                ? weights.take(role, key, 1, channels, rows, columns)
                        .reshaped(channels, rows, columns)
                : weights.take(role, key, channels, rows, columns);
    }

    /** {@code key.weight} and {@code key.bias} of a GroupNorm. */
    static Layer groupNorm(Weights weights, String role, String key, int groups, int channels) {
        return new Layer.GroupNorm(
                groups,
                weights.take(role + ", GroupNorm scale", key + ".weight", channels),
                weights.take(role + ", GroupNorm shift", key + ".bias", channels),
                EPSILON);
    }

    /** {@code key.weight} and {@code key.bias} of a LayerNorm over {@code [C, H, W]}. */
    static Layer.LayerNorm layerNorm(Weights weights, String role, String key, int channels) {
        int rows = weights.size(key + ".weight", 1);
        int columns = weights.size(key + ".weight", 2);
        return new Layer.LayerNorm(
                weights.take(role + ", LayerNorm scale", key + ".weight", channels, rows, columns),
                weights.take(role + ", LayerNorm shift", key + ".bias", channels, rows, columns),
                EPSILON);
    }

    /** Convolutions of one input as one: their outputs one after the other. */
    static Convolution stacked(List<Gate> gates) {
        requireEqualKernels(gates);
        List<Convolution> convolutions = gates.stream().map(Gate::convolution).toList();
        WeightTensor weight =
                convolutions.stream()
                        .map(Convolution::weight)
                        .reduce((a, b) -> a.joinedWith(b, 0))
                        .orElseThrow();
        boolean biased = convolutions.stream().anyMatch(gate -> gate.bias().isPresent());
        Optional<WeightTensor> bias =
                biased
                        ? convolutions.stream()
                                .map(gate ->
                                        gate.bias()
                                                .orElseGet(() ->
                                                        WeightTensor.zeros(gate.outputChannels())))
                                .reduce((a, b) -> a.joinedWith(b, 0))
                        : Optional.empty();
        return Convolution.same(weight, bias);
    }

    /**
     * Gates that become one convolution have one kernel.
     *
     * @throws IllegalArgumentException with both keys if two have not
     */
    static void requireEqualKernels(List<Gate> gates) {
        Gate first = gates.getFirst();
        for (Gate other : gates) {
            if (!first.kernel().equals(other.kernel())) {
                throw new IllegalArgumentException(
                        "'%s' has a kernel of %s and '%s' one of %s, expected the same for all gates"
                                .formatted(
                                        first.key(), first.kernel(), other.key(), other.kernel()));
            }
        }
    }

    /** A gate's convolution and the key of its layer. */
    record Gate(String key, Convolution convolution) {

        private String kernel() {
            WeightTensor weight = convolution.weight();
            return weight.size(2) + "x" + weight.size(3);
        }
    }
}
