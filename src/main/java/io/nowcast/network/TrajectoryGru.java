package io.nowcast.network;

import java.util.List;

/**
 * Trajectory GRU (Shi et al. 2017, arXiv:1706.03458): a {@link GruResetAfter} whose state is read
 * along L learned flow fields.
 *
 * <pre>
 * (u, v)_1..L = flows * act(flowInput * x + flowHidden * h)
 * h_l  = h sampled bilinearly at (column - u_l, row - v_l), zero outside the grid
 * r, z, n as in {@link GruResetAfter}, with state gates W * [h_1 .. h_L]
 * </pre>
 *
 * @param input gates r, z, n of the input, {@code [3N, C, k, k]}; empty where the cell has none
 * @param flowInput features of the flow from the input; empty where the cell has none
 * @param flowHidden features of the flow from the state
 * @param flows flow fields, {@code [2L, F, k, k]}, (u, v) of each field side by side, in pixels
 * @param hidden gates r, z, n of the sampled states, {@code [3N, L·N, k, k]}
 * @param activation the function act, of flow features and candidate state
 */
public record TrajectoryGru(
        List<Convolution> input,
        List<Convolution> flowInput,
        Convolution flowHidden,
        Convolution flows,
        Convolution hidden,
        Activation activation)
        implements Cell {

    /** Far more than any has: the original has 13. */
    private static final int MOST_LINKS = 256;

    public TrajectoryGru {
        input = List.copyOf(input);
        flowInput = List.copyOf(flowInput);
        int channels = flowHidden.inputChannels();
        Cell.requireGates("a TrajGRU's state", 3, channels, hidden.outputChannels());
        input.forEach(convolution ->
                Cell.requireGates("a TrajGRU's input", 3, channels, convolution.outputChannels()));
        flowInput.forEach(convolution -> {
            if (convolution.outputChannels() != flowHidden.outputChannels()) {
                throw new IllegalArgumentException(
                        "a TrajGRU adds features of the flow from the input and the state, got %d channels and %d"
                                .formatted(
                                        convolution.outputChannels(), flowHidden.outputChannels()));
            }
        });
        if (flows.outputChannels() / 2 > MOST_LINKS) {
            throw new IllegalArgumentException(
                    "a TrajGRU has at most %d flow fields, got %d"
                            .formatted(MOST_LINKS, flows.outputChannels() / 2));
        }
        if (hidden.inputChannels() != flows.outputChannels() / 2 * channels) {
            throw new IllegalArgumentException(
                    "a TrajGRU with %d flow fields of %d channels reads %d, got %d"
                            .formatted(
                                    flows.outputChannels() / 2,
                                    channels,
                                    flows.outputChannels() / 2 * channels,
                                    hidden.inputChannels()));
        }
    }

    /** Number L of flow fields. */
    public int links() {
        return flows.outputChannels() / 2;
    }

    @Override
    public int hiddenChannels() {
        return flowHidden.inputChannels();
    }

    @Override
    public boolean takesInput() {
        return !input.isEmpty();
    }
}
