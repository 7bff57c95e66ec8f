package io.nowcast.network;

import java.util.Optional;

/**
 * Convolutional GRU with the reset gate after the hidden convolution (Shi et al. 2017,
 * arXiv:1706.03458; the convolutional form of {@code torch.nn.GRU}):
 *
 * <pre>
 * r, z = σ(W_x{r,z} * x + W_h{r,z} * h + b)
 * n    = act(W_xn * x + b_xn + r ⊙ (W_hn * h + b_hn))
 * h'   = (1 - z) ⊙ n + z ⊙ h
 * </pre>
 *
 * @param input gates r, z, n of the input, {@code [3N, C, k, k]}; absent where the cell has none
 * @param hidden gates r, z, n of the state, {@code [3N, N, k, k]}
 * @param candidate the function act of the candidate state n
 */
public record ConvGru(Optional<Convolution> input, Convolution hidden, Activation candidate)
        implements Cell {

    public ConvGru {
        int gates = 3 * hidden.inputChannels();
        if (hidden.outputChannels() != gates) {
            throw new IllegalArgumentException(
                    "the hidden convolution of a ConvGRU with %d channels has %d outputs, got %d"
                            .formatted(hidden.inputChannels(), gates, hidden.outputChannels()));
        }
        input.ifPresent(convolution -> {
            if (convolution.outputChannels() != gates) {
                throw new IllegalArgumentException(
                        "the input convolution of a ConvGRU with %d channels has %d outputs, got %d"
                                .formatted(
                                        hidden.inputChannels(),
                                        gates,
                                        convolution.outputChannels()));
            }
        });
    }

    @Override
    public int hiddenChannels() {
        return hidden.inputChannels();
    }

    @Override
    public boolean takesInput() {
        return input.isPresent();
    }
}
