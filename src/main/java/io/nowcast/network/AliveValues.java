package io.nowcast.network;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Follows which values are alive while the passes of a network run, in values for a pixel of the
 * frame. A value dies after its last use, as it does in the TorchScript interpreter.
 */
final class AliveValues {

    /** Planes of the frame's size that an advection holds: see {@code ReadOutProgram}. */
    private static final double ADVECTION_PLANES = 12;

    private static final int CHANNEL_BLOCK = 16;

    private final ShapeInference states;
    private final Set<Features.Recurrent> cells = new HashSet<>();
    private double alive;
    private double peak;
    private long largestWeight;

    AliveValues(ShapeInference states) {
        this.states = states;
    }

    /** Values that stay to the end. */
    void hold(double values) {
        alive += values;
        peak = Math.max(peak, alive);
    }

    double peak() {
        return peak;
    }

    /** Bytes of the largest convolution's weights. */
    long largestWeight() {
        return largestWeight;
    }

    static double advection(ReadOut.Advection advection) {
        return ADVECTION_PLANES + 4.0 / (advection.block() * advection.block());
    }

    /** One time step; its states go on being alive after it. */
    void pass(Features root, ShapeInference shapes, List<Layer> readOut) {
        Map<Features, Integer> uses = new HashMap<>();
        countUses(root, uses);
        countCells(root, new HashSet<>());
        Pass pass = new Pass(shapes, uses);
        pass.value(root);
        layers(readOut, shapes.of(root), !readOut.isEmpty());
        pass.release(root);
    }

    /**
     * What a further time step holds where several go through the layers together: the values of
     * its features, without the states that the steps share.
     */
    void together(Features root, ShapeInference shapes, ReadOut readOut) {
        Map<Features, Integer> uses = new HashMap<>();
        countUses(root, uses);
        new Together(shapes, uses).value(root);
        double output = layers(readOut.layers(), shapes.of(root), true);
        if (readOut instanceof ReadOut.Advection advection) {
            peak = Math.max(peak, alive + output + advection(advection));
        }
    }

    private void countCells(Features features, Set<Features> seen) {
        if (!seen.add(features)) {
            return;
        }
        children(features).forEach(child -> countCells(child, seen));
        if (features instanceof Features.Recurrent memory && !cells.contains(memory)) {
            // What starts from another cell's state takes it over: until then both are one.
            boolean takesOver =
                    memory.start().filter(Features.Recurrent.class::isInstance).isPresent();
            if (!takesOver) {
                int channels = StateValues.stateChannels(memory.cell(), cells);
                hold(StateValues.size(states.of(memory), channels));
            }
            cells.add(memory);
        }
    }

    private static void countUses(Features features, Map<Features, Integer> uses) {
        if (uses.merge(features, 1, Integer::sum) == 1) {
            children(features).forEach(child -> countUses(child, uses));
        }
    }

    private static List<Features> children(Features features) {
        return switch (features) {
            case Features.Frame _ -> List.of();
            case Features.Through(Features input, List<Layer> _) -> List.of(input);
            case Features.Joined(List<Features> parts) -> parts;
            case Features.Sum(Features first, Features second) -> List.of(first, second);
            case Features.Recurrent memory -> memory.input().map(List::of).orElse(List.of());
        };
    }

    /**
     * Applies layers; the result is not alive afterwards, so that the caller can hold it.
     *
     * @param kept whether the input is alive by itself
     * @return values of the result
     */
    double layers(List<? extends Layer> layers, FeatureShape input, boolean kept) {
        FeatureShape shape = input;
        double current = kept ? 0 : StateValues.size(input);
        for (Layer layer : layers) {
            FeatureShape after = states.after(List.of(layer), shape);
            if (!writesInPlace(layer)) {
                double written = StateValues.size(after);
                peak = Math.max(peak, alive + current + written + workspace(layer, shape, after));
                current = written;
            }
            if (layer instanceof Convolution convolution) {
                largestWeight =
                        Math.max(
                                largestWeight,
                                (long) convolution.weight().values().length * Float.BYTES);
            }
            shape = after;
        }
        return current;
    }

    /**
     * Values that oneDNN orders anew, in blocks of 16 channels, where a convolution's channels do
     * not fill the blocks.
     */
    private static double workspace(Layer layer, FeatureShape before, FeatureShape after) {
        return layer instanceof Convolution ? blocked(before) + blocked(after) : 0;
    }

    private static double blocked(FeatureShape shape) {
        boolean fills = shape.channels() % CHANNEL_BLOCK == 0;
        return fills
                ? 0
                : StateValues.size(
                        shape, Math.ceilDiv(shape.channels(), CHANNEL_BLOCK) * CHANNEL_BLOCK);
    }

    private double largestWorkspace(List<? extends Layer> layers, FeatureShape input) {
        FeatureShape shape = input;
        double most = 0;
        for (Layer layer : layers) {
            FeatureShape after = states.after(List.of(layer), shape);
            most = Math.max(most, workspace(layer, shape, after));
            shape = after;
        }
        return most;
    }

    private static boolean writesInPlace(Layer layer) {
        return switch (layer) {
            case Layer.Activate _ -> true;
            case Convolution _,
                    Layer.Channel _,
                    Layer.Scale _,
                    Layer.GroupNorm _,
                    Layer.LayerNorm _,
                    Layer.SpaceToDepth _,
                    Layer.DepthToSpace _ ->
                    false;
        };
    }

    private class Pass {

        private final ShapeInference shapes;
        private final Map<Features, Integer> uses;
        private final Map<Features, Double> held = new HashMap<>();

        Pass(ShapeInference shapes, Map<Features, Integer> uses) {
            this.shapes = shapes;
            this.uses = uses;
        }

        void value(Features features) {
            if (held.containsKey(features)) {
                return;
            }
            children(features).forEach(this::value);
            double size =
                    switch (features) {
                        // A view of the frames, or held from step to step.
                        case Features.Frame _ -> 0;
                        case Features.Through(Features input, List<Layer> layers) ->
                                layers(layers, shapes.of(input), true);
                        case Features.Joined _, Features.Sum _ ->
                                StateValues.size(shapes.of(features));
                        case Features.Recurrent memory -> recurrent(memory);
                    };
            hold(size);
            held.put(features, size);
            children(features).forEach(this::release);
        }

        /** Values that stay after the step, beside the states. */
        double recurrent(Features.Recurrent memory) {
            step(memory);
            return 0;
        }

        private void step(Features.Recurrent memory) {
            FeatureShape state = shapes.of(memory);
            int input = memory.input().map(shapes::of).map(FeatureShape::channels).orElse(0);
            double most = StateValues.size(state, StateValues.stepChannels(memory.cell(), input));
            double workspace = 0;
            for (CellPath path : CellPaths.of(memory.cell())) {
                FeatureShape start =
                        path.fromInput()
                                ? memory.input().map(shapes::of).orElse(state)
                                : state.withChannels(path.channels());
                layers(path.layers(), start, true);
                workspace = Math.max(workspace, largestWorkspace(path.layers(), start));
            }
            // Side by side with the state, the input goes through the same convolution.
            double joined = memory.input().map(shapes::of).map(AliveValues::blocked).orElse(0.0);
            peak = Math.max(peak, alive + most + workspace + joined);
        }

        /** One use of a value is over. */
        void release(Features features) {
            if (uses.merge(features, -1, Integer::sum) == 0) {
                Double size = held.get(features);
                alive -= size == null ? 0 : size;
            }
        }
    }

    /** The same for many steps at once, whose states are listed and then joined. */
    private final class Together extends Pass {

        Together(ShapeInference shapes, Map<Features, Integer> uses) {
            super(shapes, uses);
        }

        @Override
        double recurrent(Features.Recurrent memory) {
            double listed = StateValues.size(states.of(memory));
            double seen = 0;
            if (memory.cell() instanceof GruResetAfter gru && memory.input().isPresent()) {
                FeatureShape input = states.of(memory.input().get());
                seen = layers(gru.input(), input, true);
            }
            peak = Math.max(peak, alive + Math.max(seen + listed, 2 * listed));
            return listed;
        }
    }
}
