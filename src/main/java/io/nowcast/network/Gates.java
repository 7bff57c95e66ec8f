package io.nowcast.network;

import java.util.ArrayList;
import java.util.List;

/**
 * The pre-activations of a cell's gates, {@code norm(input(x) + hidden(h))}: gates are row blocks
 * of the output channels.
 *
 * @param input from the cell's input; empty where the cell runs on its state alone
 * @param hidden from the hidden state
 * @param norm on the sum; empty where there is none
 */
public record Gates(List<Layer> input, List<Layer> hidden, List<Layer> norm) {

    public Gates {
        input = List.copyOf(input);
        hidden = List.copyOf(hidden);
        norm = List.copyOf(norm);
        if (!input.isEmpty() && outputs(input) != outputs(hidden)) {
            throw new IllegalArgumentException(
                    "gates of %d channels from the input cannot be added to %d from the state"
                            .formatted(outputs(input), outputs(hidden)));
        }
    }

    /** Plain convolutions without normalisation. */
    public static Gates of(Convolution input, Convolution hidden) {
        return new Gates(List.of(input), List.of(hidden), List.of());
    }

    /** The same gates of a cell without input. */
    public Gates withoutInput() {
        return new Gates(List.of(), hidden, norm);
    }

    /**
     * The gates with a run of their channels negated, in what comes last: the norm of the sum where
     * there is one, else the last layer of each of the two terms.
     *
     * @throws IllegalArgumentException if that is neither a convolution nor a norm
     */
    public Gates negated(int from, int length) {
        return norm.isEmpty()
                ? new Gates(
                        lastNegated(input, from, length), lastNegated(hidden, from, length), norm)
                : new Gates(input, hidden, lastNegated(norm, from, length));
    }

    private static List<Layer> lastNegated(List<Layer> layers, int from, int length) {
        if (layers.isEmpty()) {
            return layers;
        }
        List<Layer> negated = new ArrayList<>(layers);
        negated.add(
                switch (negated.removeLast()) {
                    case Convolution convolution -> convolution.negated(from, length);
                    case Layer.GroupNorm(int groups, var weight, var bias, double epsilon) ->
                            new Layer.GroupNorm(
                                    groups,
                                    weight.mapRows(from, length, value -> -value),
                                    bias.mapRows(from, length, value -> -value),
                                    epsilon);
                    case Layer.LayerNorm(var weight, var bias, double epsilon) ->
                            new Layer.LayerNorm(
                                    weight.mapRows(from, length, value -> -value),
                                    bias.mapRows(from, length, value -> -value),
                                    epsilon);
                    case Layer.Activate _,
                            Layer.Scale _,
                            Layer.Channel _,
                            Layer.SpaceToDepth _,
                            Layer.DepthToSpace _ ->
                            throw new IllegalArgumentException(
                                    "gates are not negated behind " + layers.getLast());
                });
        return negated;
    }

    /** Channels of all gates together. */
    public int channels() {
        return outputs(hidden);
    }

    /** Channels of the hidden state. */
    public int hiddenChannels() {
        return convolution(hidden).inputChannels();
    }

    /** Channels of gates that layers make, the first of which is a convolution. */
    static int outputs(List<Layer> layers) {
        return convolution(layers).outputChannels();
    }

    private static Convolution convolution(List<Layer> layers) {
        if (layers.isEmpty() || !(layers.getFirst() instanceof Convolution convolution)) {
            throw new IllegalArgumentException("gates begin with a convolution, got " + layers);
        }
        return convolution;
    }
}
