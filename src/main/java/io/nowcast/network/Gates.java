package io.nowcast.network;

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
     * The gates with a run of their channels negated: the rows of the convolutions, or of the
     * norm's scale and shift where there is one.
     */
    public Gates negated(int from, int length) {
        return norm.isEmpty()
                ? new Gates(negated(input, from, length), negated(hidden, from, length), norm)
                : new Gates(input, hidden, negated(norm, from, length));
    }

    private static List<Layer> negated(List<Layer> layers, int from, int length) {
        return layers.stream()
                .<Layer>map(layer ->
                        switch (layer) {
                            case Convolution convolution -> convolution.negated(from, length);
                            case Layer.GroupNorm(int groups, var weight, var bias, double e) ->
                                    new Layer.GroupNorm(
                                            groups,
                                            weight.mapRows(from, length, value -> -value),
                                            bias.mapRows(from, length, value -> -value),
                                            e);
                            case Layer.LayerNorm _,
                                    Layer.Activate _,
                                    Layer.Scale _,
                                    Layer.Channel _,
                                    Layer.SpaceToDepth _,
                                    Layer.DepthToSpace _ ->
                                    throw new IllegalArgumentException(
                                            "gates are not negated through " + layer);
                        })
                .toList();
    }

    /** Channels of all gates together. */
    public int channels() {
        return outputs(hidden);
    }

    /** Channels of the hidden state. */
    public int hiddenChannels() {
        return convolution(hidden).inputChannels();
    }

    private static int outputs(List<Layer> layers) {
        return convolution(layers).outputChannels();
    }

    private static Convolution convolution(List<Layer> layers) {
        if (layers.isEmpty() || !(layers.getFirst() instanceof Convolution convolution)) {
            throw new IllegalArgumentException("gates begin with a convolution, got " + layers);
        }
        return convolution;
    }
}
