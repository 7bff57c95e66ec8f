package io.nowcast.torchscript;

import io.nowcast.network.Activation;
import io.nowcast.network.Convolution;
import io.nowcast.network.Gates;
import io.nowcast.network.Layer;
import io.nowcast.network.Lstm;
import io.nowcast.network.WeightTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes gates. Where input and state go through plain convolutions of one kernel, they become one
 * convolution over both side by side: the weights are joined once, when the module is written.
 */
final class GateProgram {

    private final ModuleBuilder module;
    private final LayerProgram layers;
    private final Map<Gates, Optional<Convolution>> joint = new HashMap<>();
    private final Map<Convolution, Convolution> doubledCandidates = new HashMap<>();

    GateProgram(ModuleBuilder module, LayerProgram layers) {
        this.module = module;
        this.layers = layers;
    }

    /** The sum of input's and state's part, normalised: a tensor that nothing else reads. */
    String sum(Gates gates, Optional<String> input, String hidden) {
        return layers.apply(gates.norm(), plainSum(gates, input, hidden));
    }

    /** The sigmoid of {@link #sum}. */
    private String sigmoids(Gates gates, Optional<String> input, String hidden) {
        Optional<Convolution> fused =
                input.isPresent() && gates.norm().isEmpty() ? joint(gates) : Optional.empty();
        if (fused.isEmpty()) {
            return module.let("torch.sigmoid_(%s)".formatted(sum(gates, input, hidden)));
        }
        return module.let(layers.sigmoid(fused.get(), layers.joined(input.get(), hidden)));
    }

    private Optional<Convolution> joint(Gates gates) {
        return joint.computeIfAbsent(gates, GateProgram::fuse);
    }

    /** The open gates of a GRU, σ of the two row blocks. */
    List<String> opened(Gates gates, int channels, Optional<String> input, String hidden) {
        return module.unpack(
                2, "torch.split(%s, %s, 1)".formatted(sigmoids(gates, input, hidden), channels));
    }

    private String plainSum(Gates gates, Optional<String> input, String hidden) {
        if (input.isEmpty()) {
            return layers.apply(gates.hidden(), hidden);
        }
        Optional<Convolution> fused = joint(gates);
        if (fused.isPresent()) {
            String both = layers.joined(input.get(), hidden);
            return module.let(layers.convolution(fused.get(), both));
        }
        String seen = layers.apply(gates.input(), input.get());
        return module.let(
                "torch.add_(%s, %s)".formatted(layers.apply(gates.hidden(), hidden), seen));
    }

    private static Optional<Convolution> fuse(Gates gates) {
        if (gates.input().size() != 1 || gates.hidden().size() != 1) {
            return Optional.empty();
        }
        Layer input = gates.input().getFirst();
        Layer hidden = gates.hidden().getFirst();
        return input instanceof Convolution x
                        && hidden instanceof Convolution h
                        && sameGeometry(x, h)
                ? Optional.of(fuse(x, h))
                : Optional.empty();
    }

    private static boolean sameGeometry(Convolution x, Convolution h) {
        return !x.transposed()
                && x.stride() == h.stride()
                && x.rowPadding() == h.rowPadding()
                && x.columnPadding() == h.columnPadding()
                && x.weight().size(2) == h.weight().size(2)
                && x.weight().size(3) == h.weight().size(3);
    }

    private static Convolution fuse(Convolution x, Convolution h) {
        WeightTensor weight = x.weight().joinedWith(h.weight(), 1);
        Optional<WeightTensor> bias =
                x.bias().isPresent() && h.bias().isPresent()
                        ? Optional.of(x.bias().get().plus(h.bias().get()))
                        : x.bias().or(h::bias);
        return new Convolution(weight, bias, x.stride(), x.rowPadding(), x.columnPadding(), false);
    }

    /**
     * The activated gates of an LSTM.
     *
     * @param output the pre-activation of the output gate, since its peephole sees the new state
     */
    record LstmGates(String input, String forget, String candidate, String output, boolean open) {}

    LstmGates lstm(Lstm cell, Optional<String> input, String hidden, String state) {
        int channels = cell.cellChannels();
        boolean candidateLast = cell.order() == Lstm.Order.IFOG;
        String sums = sum(cell.gates(), input, hidden);
        if (candidateLast && cell.peepholes().isEmpty()) {
            return sigmoidsAtOnce(cell, sums, channels);
        }
        List<String> parts = module.unpack(4, "torch.split(%s, %s, 1)".formatted(sums, channels));
        Optional<Lstm.Peepholes> peepholes = cell.peepholes();
        String in = peep(parts.get(0), peepholes.map(Lstm.Peepholes::input), state);
        String forget = peep(parts.get(1), peepholes.map(Lstm.Peepholes::forget), state);
        String candidate =
                module.let(
                        LayerProgram.inPlace(cell.candidate(), parts.get(candidateLast ? 3 : 2)));
        return new LstmGates(
                module.let("torch.sigmoid_(" + in + ")"),
                module.let("torch.sigmoid_(" + forget + ")"),
                candidate,
                parts.get(candidateLast ? 2 : 3),
                false);
    }

    private LstmGates sigmoidsAtOnce(Lstm cell, String sums, int channels) {
        List<String> parts =
                module.unpack(
                        2,
                        "torch.split_with_sizes(%s, [%s, %s], 1)"
                                .formatted(sums, 3 * channels, channels));
        List<String> opened =
                module.unpack(
                        3,
                        "torch.split(torch.sigmoid_(%s), %s, 1)"
                                .formatted(parts.getFirst(), channels));
        String candidate = module.let(LayerProgram.inPlace(cell.candidate(), parts.getLast()));
        return new LstmGates(opened.get(0), opened.get(1), candidate, opened.get(2), true);
    }

    /**
     * The next cell state and the open output gate of an LSTM by one sigmoid over all gates, which
     * oneDNN applies as its convolution writes: tanh(a) = 2σ(2a) - 1, with the inner factor in the
     * weights. Empty where the cell has another form.
     */
    Optional<Opened> openedAtOnce(Lstm cell, Optional<String> input, String hidden, String state) {
        if (module.kernels() != Kernels.ONEDNN
                || input.isEmpty()
                || cell.peepholes().isPresent()
                || cell.output() != Lstm.Output.CELL_STATE
                || !cell.gates().norm().isEmpty()
                || !(cell.candidate() instanceof Activation.Tanh)
                || joint(cell.gates()).isEmpty()) {
            return Optional.empty();
        }
        int channels = cell.cellChannels();
        int candidate = cell.order() == Lstm.Order.IFOG ? 3 : 2;
        Convolution doubled =
                doubledCandidates.computeIfAbsent(
                        joint(cell.gates()).orElseThrow(),
                        gates -> gates.scaled(candidate * channels, channels, 2));
        String both = layers.joined(input.get(), hidden);
        List<String> parts =
                module.unpack(
                        4,
                        "torch.split(%s, %s, 1)"
                                .formatted(layers.sigmoid(doubled, both), channels));
        // f c + i (2s - 1), in place where the tensor is new.
        String next =
                module.let(
                        "torch.sub_(torch.addcmul_(torch.mul(%s, %s), %s, %s, value=2), %s)"
                                .formatted(
                                        parts.get(1),
                                        state,
                                        parts.get(0),
                                        parts.get(candidate),
                                        parts.get(0)));
        return Optional.of(new Opened(next, parts.get(5 - candidate)));
    }

    /**
     * Names in a program.
     *
     * @param state the next cell state
     * @param output the open output gate
     */
    record Opened(String state, String output) {}

    /** The open output gate, once the new cell state is known. */
    String outputGate(Lstm cell, LstmGates gates, String newState) {
        if (gates.open()) {
            return gates.output();
        }
        return module.let(
                "torch.sigmoid_("
                        + peep(
                                gates.output(),
                                cell.peepholes().map(Lstm.Peepholes::output),
                                newState)
                        + ")");
    }

    private String peep(String gate, Optional<WeightTensor> weight, String state) {
        return weight.map(values ->
                        "torch.addcmul_(%s, %s, %s)".formatted(gate, layers.tensor(values), state))
                .orElse(gate);
    }

    /** σ(f) ⊙ state + σ(i) ⊙ tanh(g) from pre-activations in the order i, f, g. */
    String remember(String sums, int channels, String state) {
        List<String> parts =
                module.unpack(
                        2,
                        "torch.split_with_sizes(%s, [%s, %s], 1)"
                                .formatted(sums, 2 * channels, channels));
        List<String> opened =
                module.unpack(
                        2,
                        "torch.split(torch.sigmoid_(%s), %s, 1)"
                                .formatted(parts.getFirst(), channels));
        return module.let(
                "torch.addcmul_(torch.mul(%s, %s), %s, torch.tanh_(%s))"
                        .formatted(opened.getLast(), state, opened.getFirst(), parts.getLast()));
    }
}
