package io.nowcast.network;

import java.util.List;

/**
 * Convolutional GRU with the reset gate after the hidden convolution (Shi et al. 2017,
 * arXiv:1706.03458; with 1x1 convolutions {@code torch.nn.GRU} at every grid cell):
 *
 * <pre>
 * r, z = σ(W_x{r,z} * x + W_h{r,z} * h + b)
 * n    = act(W_xn * x + b_xn + r ⊙ (W_hn * h + b_hn))
 * h'   = (1 - z) ⊙ n + z ⊙ h
 * </pre>
 *
 * @param input gates r, z, n of the input, {@code [3N, C, k, k]}; empty where the cell has none
 * @param hidden gates r, z, n of the state, {@code [3N, N, k, k]}
 * @param candidate the function act of the candidate state n
 */
public record GruResetAfter(List<Convolution> input, Convolution hidden, Activation candidate)
        implements Cell {

    public GruResetAfter {
        input = List.copyOf(input);
        int channels = hidden.inputChannels();
        Cell.requireGates("a GRU's state", 3, channels, hidden.outputChannels());
        input.forEach(convolution ->
                Cell.requireGates("a GRU's input", 3, channels, convolution.outputChannels()));
    }

    @Override
    public int hiddenChannels() {
        return hidden.inputChannels();
    }

    @Override
    public boolean takesInput() {
        return !input.isEmpty();
    }
}
