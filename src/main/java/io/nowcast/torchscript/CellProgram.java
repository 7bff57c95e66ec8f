package io.nowcast.torchscript;

import io.nowcast.network.Activation;
import io.nowcast.network.Cell;
import io.nowcast.network.Features;
import io.nowcast.network.GruResetAfter;
import io.nowcast.network.GruResetBefore;
import io.nowcast.network.Lstm;
import io.nowcast.network.SpatiotemporalLstm;
import io.nowcast.network.TrajectoryGru;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the steps of cells and keeps the names of their states. A state is never overwritten in
 * place: an earlier pass may have handed it on.
 */
final class CellProgram {

    private static final String MEMORY = "memory";

    private final ModuleBuilder module;
    private final LayerProgram layers;
    private final GateProgram gates;
    private final TrajectoryProgram trajectories;
    private final Map<Features.Recurrent, List<String>> states = new HashMap<>();
    private boolean sharesMemory;

    CellProgram(ModuleBuilder module, LayerProgram layers) {
        this.module = module;
        this.layers = layers;
        this.gates = new GateProgram(module, layers);
        this.trajectories = new TrajectoryProgram(module, layers);
    }

    /** The name of the hidden state. */
    String hidden(Features.Recurrent memory) {
        return states(memory).getFirst();
    }

    boolean isKnown(Features.Recurrent memory) {
        return states.containsKey(memory);
    }

    private List<String> states(Features.Recurrent memory) {
        List<String> names = states.get(memory);
        if (names == null) {
            throw new IllegalStateException("a cell is used before its state was made");
        }
        return names;
    }

    /** Makes states of zeros for frames whose sides are {@code shrinkage} times the states'. */
    void startFromZero(Features.Recurrent memory, int shrinkage) {
        Cell cell = memory.cell();
        List<String> names = new ArrayList<>();
        names.add(zeros(cell.hiddenChannels(), shrinkage));
        if (cell instanceof Lstm lstm) {
            names.add(zeros(lstm.cellChannels(), shrinkage));
        } else if (cell instanceof SpatiotemporalLstm) {
            names.add(zeros(cell.hiddenChannels(), shrinkage));
            if (!sharesMemory) {
                module.assign(MEMORY, zeros(cell.hiddenChannels(), shrinkage));
                sharesMemory = true;
            }
        }
        states.put(memory, names);
    }

    private String zeros(int channels, int shrinkage) {
        return module.let(
                "torch.contiguous(torch.new_zeros(frames, [torch.size(frames, 0), %s, torch.floordiv(torch.size(frames, 3), %s), torch.floordiv(torch.size(frames, 4), %s)]), memory_format=2)"
                        .formatted(channels, shrinkage, shrinkage));
    }

    /** Takes over the whole state of another cell. */
    void startFrom(Features.Recurrent memory, Features.Recurrent other) {
        List<String> names = new ArrayList<>();
        states(other).forEach(state -> names.add(module.let(state)));
        states.put(memory, names);
    }

    /** Takes features as the hidden state of a cell that has no other state. */
    void startFrom(Features.Recurrent memory, String hidden) {
        states.put(memory, List.of(module.let(hidden)));
    }

    /** Replaces a cell's states by the next ones. */
    void step(Features.Recurrent memory, Optional<String> input) {
        stepSeen(memory, input.map(features -> seen(memory.cell(), features)));
    }

    /**
     * What a cell's step works on, from its input: of one step or of many, since it does not depend
     * on the states.
     */
    String seen(Cell cell, String input) {
        return switch (cell) {
            case GruResetAfter gru -> module.let(layers.convolution(gru.input().getFirst(), input));
            case Lstm _, GruResetBefore _, TrajectoryGru _, SpatiotemporalLstm _ -> input;
        };
    }

    /** Replaces a cell's states by the next ones, given what {@link #seen} made of its input. */
    void stepSeen(Features.Recurrent memory, Optional<String> input) {
        List<String> names = states(memory);
        String hidden = names.getFirst();
        List<String> next =
                switch (memory.cell()) {
                    case Lstm lstm -> lstm(lstm, input, hidden, names.getLast());
                    case GruResetAfter gru -> List.of(resetAfter(gru, input, hidden));
                    case GruResetBefore gru -> List.of(resetBefore(gru, input, hidden));
                    case TrajectoryGru gru -> List.of(trajectory(gru, input, hidden));
                    case SpatiotemporalLstm lstm ->
                            spatiotemporal(lstm, input.orElseThrow(), hidden, names.getLast());
                };
        for (int index = 0; index < names.size(); index++) {
            module.assign(names.get(index), next.get(index));
        }
    }

    private List<String> lstm(Lstm cell, Optional<String> input, String hidden, String state) {
        Optional<GateProgram.Opened> opened = gates.openedAtOnce(cell, input, hidden, state);
        if (opened.isPresent()) {
            String next = opened.get().state();
            String shown =
                    module.let(
                            "torch.mul_(torch.tanh(%s), %s)"
                                    .formatted(next, opened.get().output()));
            return List.of(projected(cell, shown), next);
        }
        GateProgram.LstmGates activated = gates.lstm(cell, input, hidden, state);
        String next =
                module.let(
                        "torch.addcmul_(torch.mul(%s, %s), %s, %s)"
                                .formatted(
                                        activated.forget(),
                                        state,
                                        activated.input(),
                                        activated.candidate()));
        String open = gates.outputGate(cell, activated, next);
        String shown =
                switch (cell.output()) {
                    case CELL_STATE ->
                            module.let("torch.mul_(torch.tanh(%s), %s)".formatted(next, open));
                    case CANDIDATE ->
                            module.let("torch.mul(%s, %s)".formatted(activated.candidate(), open));
                };
        return List.of(projected(cell, shown), next);
    }

    private String projected(Lstm cell, String shown) {
        return cell.projection()
                .map(projection -> module.let(layers.convolution(projection, shown)))
                .orElse(shown);
    }

    private String resetBefore(GruResetBefore cell, Optional<String> input, String hidden) {
        List<String> opened = gates.opened(cell.gates(), cell.hiddenChannels(), input, hidden);
        boolean resetFirst = cell.order() == GruResetBefore.Order.RZ;
        String reset = opened.get(resetFirst ? 0 : 1);
        String update = opened.get(resetFirst ? 1 : 0);
        String kept = module.let("torch.mul(%s, %s)".formatted(reset, hidden));
        String fresh =
                module.let(
                        LayerProgram.inPlace(
                                cell.activation(), gates.sum(cell.candidate(), input, kept)));
        return blend(fresh, hidden, update);
    }

    private String resetAfter(GruResetAfter cell, Optional<String> fromInput, String hidden) {
        String fromState = module.let(layers.convolution(cell.hidden(), hidden));
        return resetAfter(cell.hiddenChannels(), fromInput, fromState, cell.candidate(), hidden);
    }

    private String trajectory(TrajectoryGru cell, Optional<String> input, String hidden) {
        String fromState =
                module.let(
                        layers.convolution(
                                cell.hidden(), trajectories.sampled(cell, input, hidden)));
        Optional<String> fromInput =
                input.map(seen -> module.let(layers.convolution(cell.input().getFirst(), seen)));
        return resetAfter(cell.hiddenChannels(), fromInput, fromState, cell.activation(), hidden);
    }

    /** The arithmetic of a GRU from its gates r, z, n of input and state. */
    private String resetAfter(
            int channels,
            Optional<String> fromInput,
            String fromState,
            Activation candidate,
            String hidden) {
        String sizes = "[%s, %s]".formatted(2 * channels, channels);
        List<String> state =
                module.unpack(2, "torch.split_with_sizes(%s, %s, 1)".formatted(fromState, sizes));
        Optional<List<String>> seen =
                fromInput.map(all ->
                        module.unpack(
                                2, "torch.split_with_sizes(%s, %s, 1)".formatted(all, sizes)));
        String sums =
                seen.map(parts ->
                                module.let(
                                        "torch.add_(%s, %s)"
                                                .formatted(state.getFirst(), parts.getFirst())))
                        .orElse(state.getFirst());
        List<String> opened =
                module.unpack(
                        2, "torch.split(torch.sigmoid_(%s), %s, 1)".formatted(sums, channels));
        String reset = opened.getFirst();
        String fresh =
                module.let(
                        seen.map(parts ->
                                        "torch.addcmul(%s, %s, %s)"
                                                .formatted(parts.getLast(), reset, state.getLast()))
                                .orElse("torch.mul(%s, %s)".formatted(reset, state.getLast())));
        String next = module.let(LayerProgram.inPlace(candidate, fresh));
        return blend(next, hidden, opened.getLast());
    }

    /** (1 - z) n + z h = n + z (h - n), the form with one product less. */
    private String blend(String fresh, String hidden, String update) {
        return module.let("torch.lerp(%s, %s, %s)".formatted(fresh, hidden, update));
    }

    private List<String> spatiotemporal(
            SpatiotemporalLstm cell, String input, String hidden, String state) {
        int channels = cell.hiddenChannels();
        List<String> seen =
                module.unpack(
                        3,
                        "torch.split_with_sizes(%s, [%s, %s, %s], 1)"
                                .formatted(
                                        layers.apply(cell.input(), input),
                                        3 * channels,
                                        3 * channels,
                                        channels));
        List<String> kept =
                module.unpack(
                        2,
                        "torch.split_with_sizes(%s, [%s, %s], 1)"
                                .formatted(
                                        layers.apply(cell.hidden(), hidden),
                                        3 * channels,
                                        channels));
        String climbed = layers.apply(cell.memory(), MEMORY);
        String temporal =
                module.let("torch.add(%s, %s)".formatted(seen.getFirst(), kept.getFirst()));
        String spatial = module.let("torch.add(%s, %s)".formatted(seen.get(1), climbed));
        String nextState = gates.remember(temporal, channels, state);
        module.assign(MEMORY, gates.remember(spatial, channels, MEMORY));
        String both = module.let("torch.cat([%s, %s], 1)".formatted(nextState, MEMORY));
        String open =
                module.let(
                        "torch.sigmoid_(torch.add_(torch.add(%s, %s), %s))"
                                .formatted(
                                        seen.getLast(),
                                        kept.getLast(),
                                        layers.apply(cell.output(), both)));
        String shown =
                module.let(
                        "torch.mul_(torch.tanh_(%s), %s)"
                                .formatted(layers.convolution(cell.last(), both), open));
        return List.of(shown, nextState);
    }
}
