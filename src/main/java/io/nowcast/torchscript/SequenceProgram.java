package io.nowcast.torchscript;

import io.nowcast.network.Cell;
import io.nowcast.network.Features;
import io.nowcast.network.SequenceNetwork;
import java.util.Optional;

/** Writes a stack whose layers run over the whole sequence, one after the other. */
final class SequenceProgram {

    private static final String SEQUENCE = "sequence";

    private final ModuleBuilder module;
    private final LayerProgram layers;
    private final CellProgram cells;

    SequenceProgram(ModuleBuilder module) {
        this.module = module;
        this.layers = new LayerProgram(module);
        this.cells = new CellProgram(module, layers);
    }

    /** Returns the name of the answer. */
    String append(SequenceNetwork network) {
        module.assign(SEQUENCE, "frames");
        module.assign("last", "torch.sub(torch.size(frames, 1), 1)");
        for (SequenceNetwork.Level level : network.levels()) {
            String ahead = run(level.forward(), "t");
            if (level.backward().isPresent()) {
                String back = run(level.backward().get(), "torch.sub(last, t)");
                ahead =
                        module.let(
                                "torch.cat([%s, torch.flip(%s, [1])], 2)".formatted(ahead, back));
            }
            module.assign(SEQUENCE, ahead);
        }
        return switch (network.answer()) {
            case PER_FRAME -> perFrame(network);
            case ALL_AT_ONCE -> allAtOnce(network, "torch.select(sequence, 1, -1)");
            case FROM_FINAL_STATES -> allAtOnce(network, finalStates(network.levels().getLast()));
        };
    }

    private String allAtOnce(SequenceNetwork network, String states) {
        String answer = layers.apply(network.head(), states);
        return module.let("torch.unsqueeze(torch.narrow(%s, 1, 0, steps), 2)".formatted(answer));
    }

    /** As {@code torch.cat([h_n[-2], h_n[-1]], 1)} of a bidirectional RNN of PyTorch. */
    private static String finalStates(SequenceNetwork.Level top) {
        String ahead = channels("-1", 0, top.forward());
        int from = top.forward().hiddenChannels();
        return top.backward()
                .map(cell -> "torch.cat([%s, %s], 1)".formatted(ahead, channels("0", from, cell)))
                .orElse(ahead);
    }

    private static String channels(String frame, int from, Cell cell) {
        return "torch.narrow(torch.select(sequence, 1, %s), 1, %d, %d)"
                .formatted(frame, from, cell.hiddenChannels());
    }

    /**
     * All states of a cell in the order in which it reads the sequence, {@code [B, T, N, H, W]}.
     */
    private String run(Cell cell, String index) {
        Features.Recurrent memory = Features.Recurrent.fromZero(new Features.Frame(), cell);
        cells.startFromZero(memory, 1);
        String states = module.let("annotate(List[Tensor], [])");
        module.loop("t", "torch.size(frames, 1)");
        String frame = module.let("torch.select(%s, 1, %s)".formatted(SEQUENCE, index));
        cells.step(memory, Optional.of(frame));
        module.statement("_0 = torch.append(%s, %s)".formatted(states, cells.hidden(memory)));
        module.endLoop();
        return module.let("torch.stack(%s, 1)".formatted(states));
    }

    private String perFrame(SequenceNetwork network) {
        String states = module.let("torch.flatten(torch.narrow(sequence, 1, 0, steps), 0, 1)");
        String answer = layers.apply(network.head(), states);
        return module.let(
                "torch.reshape(%s, [torch.size(frames, 0), steps, torch.size(%s, 1), torch.size(%s, 2), torch.size(%s, 3)])"
                        .formatted(answer, answer, answer, answer));
    }
}
