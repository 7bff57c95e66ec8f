package io.nowcast.network;

/**
 * Convolutional GRU with the reset gate before the hidden convolution (Ballas et al. 2016,
 * arXiv:1511.06432; Cho et al. 2014):
 *
 * <pre>
 * r, z = σ(gates(x, h))
 * n    = act(candidate(x, r ⊙ h))
 * h'   = (1 - z) ⊙ n + z ⊙ h
 * </pre>
 *
 * The other convention, in which z lets the new state in, is the same cell with the rows of z
 * negated, since 1 - σ(a) = σ(-a).
 *
 * @param gates pre-activations {@code [B, 2N, H, W]}
 * @param order order of the row blocks
 * @param candidate pre-activation {@code [B, N, H, W]} of the candidate state
 * @param activation the function act
 */
public record GruResetBefore(Gates gates, Order order, Gates candidate, Activation activation)
        implements Cell {

    public GruResetBefore {
        Cell.requireGates("a GRU's gates", 2, gates.hiddenChannels(), gates.channels());
        Cell.requireGates("a GRU's candidate", 1, gates.hiddenChannels(), candidate.channels());
    }

    @Override
    public int hiddenChannels() {
        return gates.hiddenChannels();
    }

    @Override
    public boolean takesInput() {
        return !gates.input().isEmpty();
    }

    /** Order of the gates' row blocks. */
    public enum Order {
        /** reset, update. */
        RZ,
        /** update, reset. */
        ZR
    }
}
