package io.nowcast.network;

import java.util.Optional;

/**
 * Convolutional LSTM (Shi et al. 2015, arXiv:1506.04214); with 1x1 convolutions {@code
 * torch.nn.LSTM} at every grid cell:
 *
 * <pre>
 * i, f, o, g = gates(x, h)
 * c' = σ(f + W_cf ⊙ c) ⊙ c + σ(i + W_ci ⊙ c) ⊙ act(g)
 * h' = projection(σ(o + W_co ⊙ c') ⊙ tanh(c'))
 * </pre>
 *
 * @param gates pre-activations {@code [B, 4N, H, W]}
 * @param order order of the row blocks
 * @param candidate the function act of the candidate g
 * @param output what the output gate lets through
 * @param peepholes from the cell state to the gates, where the cell has them
 * @param projection from N channels to those of the hidden state ({@code proj_size})
 */
public record Lstm(
        Gates gates,
        Order order,
        Activation candidate,
        Output output,
        Optional<Peepholes> peepholes,
        Optional<Convolution> projection)
        implements Cell {

    public Lstm {
        int cells = gates.channels() / 4;
        Cell.requireGates("an LSTM", 4, cells, gates.channels());
        int hidden = projection.map(Convolution::outputChannels).orElse(cells);
        if (hidden != gates.hiddenChannels()) {
            throw new IllegalArgumentException(
                    "an LSTM with %d channels of gates has %d hidden channels, but its gates read %d"
                            .formatted(gates.channels(), hidden, gates.hiddenChannels()));
        }
    }

    /** The plain form: tanh, without peepholes and projection. */
    public static Lstm of(Gates gates, Order order) {
        return new Lstm(
                gates,
                order,
                new Activation.Tanh(),
                Output.CELL_STATE,
                Optional.empty(),
                Optional.empty());
    }

    public Lstm with(Peepholes weights) {
        return new Lstm(gates, order, candidate, output, Optional.of(weights), projection);
    }

    /** Channels N of the cell state; those of the hidden state unless it is projected. */
    public int cellChannels() {
        return gates.channels() / 4;
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
        /** input, forget, output, candidate. */
        IFOG,
        /** input, forget, candidate, output, the order of {@code torch.nn.LSTM}. */
        IFGO
    }

    /** What the output gate is multiplied by. */
    public enum Output {
        /** h' = σ(o) ⊙ tanh(c'). */
        CELL_STATE,
        /** h' = σ(o) ⊙ act(g), as early versions of OpenSTL compute it. */
        CANDIDATE
    }

    /**
     * Diagonal weights from the cell state, each {@code [N, H, W]}: they belong to one grid.
     *
     * @param input W_ci, on the old cell state
     * @param forget W_cf, on the old cell state
     * @param output W_co, on the new cell state
     */
    public record Peepholes(WeightTensor input, WeightTensor forget, WeightTensor output) {}
}
