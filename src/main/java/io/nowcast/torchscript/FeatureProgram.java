package io.nowcast.torchscript;

import io.nowcast.network.Features;
import io.nowcast.network.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Writes features: each expression once a pass, each cell's states once a pass. */
final class FeatureProgram {

    private final ModuleBuilder module;
    private final LayerProgram layers;
    private final CellProgram cells;

    FeatureProgram(ModuleBuilder module, LayerProgram layers, CellProgram cells) {
        this.module = module;
        this.layers = layers;
        this.cells = cells;
    }

    /** Begins a pass over {@code frame} in which cells step. */
    Pass stepping(String frame) {
        return pass(() -> frame, this::stepped);
    }

    private String stepped(Features.Recurrent memory, Pass pass) {
        cells.step(memory, memory.input().map(pass::value));
        return cells.hidden(memory);
    }

    /** Begins a pass over {@code frame} in which cells keep their states. */
    Pass reading(String frame) {
        return pass(() -> frame, (memory, _) -> cells.hidden(memory));
    }

    /**
     * Begins a pass.
     *
     * @param frame writes what the pass sees and names it
     * @param states writes what a cell makes of the pass and names it
     */
    Pass pass(Supplier<String> frame, BiFunction<Features.Recurrent, Pass, String> states) {
        return new Pass(frame, states);
    }

    /** The evaluation of one time step, or of many together. */
    final class Pass {

        private final Supplier<String> frame;
        private final BiFunction<Features.Recurrent, Pass, String> states;
        private final Map<Features, String> names = new HashMap<>();

        private Pass(Supplier<String> frame, BiFunction<Features.Recurrent, Pass, String> states) {
            this.frame = frame;
            this.states = states;
        }

        /** The name of the evaluated features. */
        String value(Features features) {
            String name = names.get(features);
            if (name == null) {
                name = write(features);
                names.put(features, name);
            }
            return name;
        }

        private String write(Features features) {
            return switch (features) {
                case Features.Frame _ -> frame.get();
                case Features.Through(Features input, List<Layer> applied) ->
                        layers.apply(applied, value(input));
                case Features.Joined(List<Features> parts) -> joined(parts);
                case Features.Sum(Features first, Features second) ->
                        module.let("torch.add(%s, %s)".formatted(value(first), value(second)));
                case Features.Recurrent memory -> states.apply(memory, this);
            };
        }

        private String joined(List<Features> parts) {
            List<String> values = new ArrayList<>();
            parts.forEach(part -> values.add(value(part)));
            return module.let("torch.cat([%s], 1)".formatted(String.join(", ", values)));
        }
    }
}
