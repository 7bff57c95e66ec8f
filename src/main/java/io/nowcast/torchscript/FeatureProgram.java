package io.nowcast.torchscript;

import io.nowcast.network.Features;
import io.nowcast.network.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes features: each expression once a pass, each cell's step once a pass.
 *
 * <p>A pass either steps the cells that it meets or reads the states that they were left with.
 */
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
        return new Pass(frame, true);
    }

    /** Begins a pass over {@code frame} in which cells keep their states. */
    Pass reading(String frame) {
        return new Pass(frame, false);
    }

    /** One time step's evaluation. */
    final class Pass {

        private final String frame;
        private final boolean stepping;
        private final Map<Features, String> names = new HashMap<>();

        private Pass(String frame, boolean stepping) {
            this.frame = frame;
            this.stepping = stepping;
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
                case Features.Frame _ -> frame;
                case Features.Through(Features input, List<Layer> applied) ->
                        layers.apply(applied, value(input));
                case Features.Joined(List<Features> parts) -> joined(parts);
                case Features.Sum(Features first, Features second) ->
                        module.let("torch.add(%s, %s)".formatted(value(first), value(second)));
                case Features.Recurrent memory -> {
                    if (stepping) {
                        cells.step(memory, memory.input().map(this::value));
                    }
                    yield cells.hidden(memory);
                }
            };
        }

        private String joined(List<Features> parts) {
            List<String> values = new ArrayList<>();
            parts.forEach(part -> values.add(value(part)));
            return module.let("torch.cat([%s], 1)".formatted(String.join(", ", values)));
        }

        /** Steps every cell that {@code features} depends on, and computes nothing beyond. */
        void step(Features features) {
            switch (features) {
                case Features.Frame _ -> {}
                case Features.Through(Features input, List<Layer> _) -> step(input);
                case Features.Joined(List<Features> parts) -> parts.forEach(this::step);
                case Features.Sum(Features first, Features second) -> {
                    step(first);
                    step(second);
                }
                case Features.Recurrent _ -> value(features);
            }
        }
    }
}
