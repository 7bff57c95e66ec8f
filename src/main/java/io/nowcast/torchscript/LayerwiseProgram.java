package io.nowcast.torchscript;

import io.nowcast.network.Features;
import io.nowcast.network.FrameChunks;
import java.util.function.Consumer;

/**
 * Writes a pass over many time steps layer by layer: each layer, and what a cell makes of its
 * input, runs once over all steps of a chunk; only the states go step by step. That saves calls,
 * which on small grids cost more than their arithmetic. Features are {@code [N * B, C, H, W]}, step
 * after step.
 */
final class LayerwiseProgram {

    private final ModuleBuilder module;
    private final FeatureProgram features;
    private final CellProgram cells;

    LayerwiseProgram(ModuleBuilder module, FeatureProgram features, CellProgram cells) {
        this.module = module;
        this.features = features;
        this.cells = cells;
    }

    /** Goes through {@code count} steps in chunks as {@link FrameChunks} has them. */
    void chunks(String count, Consumer<Chunk> body) {
        String fitting =
                module.let(
                        "ops.prim.max(torch.floordiv(%s, torch.mul(torch.size(frames, 3), torch.size(frames, 4))), 1)"
                                .formatted(FrameChunks.PIXELS));
        String all = module.let(count);
        String chunks =
                "torch.floordiv(torch.sub(torch.add(%s, %s), 1), %s)"
                        .formatted(all, fitting, fitting);
        String index = module.fresh();
        module.loop(index, chunks);
        String first = module.let("torch.mul(%s, %s)".formatted(index, fitting));
        String length =
                module.let("ops.prim.min(%s, torch.sub(%s, %s))".formatted(fitting, all, first));
        body.accept(new Chunk(first, length));
        module.endLoop();
    }

    /** Steps that go through the layers together. */
    final class Chunk {

        private final String first;
        private final String length;
        private final FeatureProgram.Pass pass;

        private Chunk(String first, String length) {
            this.first = first;
            this.length = length;
            this.pass = features.pass(this::frames, (memory, _) -> listed(memory));
        }

        /** The number of steps. */
        String length() {
            return length;
        }

        /** Goes through the steps one by one. */
        void loop(Consumer<String> body) {
            String step = module.fresh();
            module.loop(step, length);
            body.accept(step);
            module.endLoop();
        }

        /** The part of features {@code [N * B, ...]} that belongs to a step. */
        String step(String all, String step) {
            return module.let(
                    "torch.narrow(%s, 0, torch.mul(%s, torch.size(frames, 0)), torch.size(frames, 0))"
                            .formatted(all, step));
        }

        /** Steps every cell that {@code observed} depends on, and computes nothing beyond. */
        void run(Features observed) {
            Memories.notRead(observed).forEach(memory -> states(memory, _ -> {}));
        }

        /** The name of the evaluated features. */
        String value(Features features) {
            return pass.value(features);
        }

        private String listed(Features.Recurrent memory) {
            String states = module.let("annotate(List[Tensor], [])");
            states(
                    memory,
                    state ->
                            module.statement("_0 = torch.append(%s, %s)".formatted(states, state)));
            return together(states);
        }

        /** Listed tensors of each step as one; nothing is copied where there is one step. */
        String together(String listed) {
            String all = module.fresh();
            module.statement("if torch.eq(%s, 1):".formatted(length));
            module.statement("  %s = %s[0]".formatted(all, listed));
            module.statement("else:");
            module.statement("  %s = torch.cat(%s)".formatted(all, listed));
            return all;
        }

        private String frames() {
            return module.let(
                    "torch.flatten(torch.transpose(torch.narrow(frames, 1, %s, %s), 0, 1), 0, 1)"
                            .formatted(first, length));
        }

        private void states(Features.Recurrent memory, Consumer<String> each) {
            var seen = memory.input().map(pass::value).map(all -> cells.seen(memory.cell(), all));
            loop(step -> {
                cells.stepSeen(memory, seen.map(all -> step(all, step)));
                each.accept(cells.hidden(memory));
            });
        }
    }
}
