package io.nowcast.network;

import io.nowcast.frames.GridShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Follows channels and grid through the passes of a network. Refuses layers that do not fit each
 * other, and learns what the grid must be.
 */
final class ShapeInference {

    private final FeatureShape frame;
    private final Map<Features, FeatureShape> known = new HashMap<>();
    private final Map<Features.Recurrent, FeatureShape> memories;
    private final GridDemands demands;

    ShapeInference(FeatureShape frame) {
        this(frame, new HashMap<>(), new GridDemands());
    }

    private ShapeInference(
            FeatureShape frame,
            Map<Features.Recurrent, FeatureShape> memories,
            GridDemands demands) {
        this.frame = frame;
        this.memories = memories;
        this.demands = demands;
    }

    /** The same inference for a pass whose frame has another shape. */
    ShapeInference withFrame(FeatureShape other) {
        return new ShapeInference(other, memories, demands);
    }

    Map<Features.Recurrent, FeatureShape> memories() {
        return memories;
    }

    int gridMultiple() {
        return demands.multiple();
    }

    Optional<GridShape> onlyGrid() {
        return demands.only();
    }

    FeatureShape of(Features features) {
        FeatureShape shape = known.get(features);
        if (shape == null) {
            shape = infer(features);
            known.put(features, shape);
        }
        return shape;
    }

    private FeatureShape infer(Features features) {
        return switch (features) {
            case Features.Frame _ -> frame;
            case Features.Through(Features input, List<Layer> layers) -> after(layers, of(input));
            case Features.Joined(List<Features> parts) -> joined(parts);
            case Features.Sum(Features first, Features second) -> {
                FeatureShape shape = of(first);
                requireEqual("the terms of a sum", shape, of(second));
                yield shape;
            }
            case Features.Recurrent memory -> recurrent(memory);
        };
    }

    private FeatureShape joined(List<Features> parts) {
        List<FeatureShape> shapes = new ArrayList<>();
        parts.forEach(part -> shapes.add(of(part)));
        FeatureShape first = shapes.getFirst();
        shapes.forEach(shape ->
                requireEqual("joined features", first, shape.withChannels(first.channels())));
        return first.withChannels(shapes.stream().mapToInt(FeatureShape::channels).sum());
    }

    private FeatureShape recurrent(Features.Recurrent memory) {
        FeatureShape remembered = memories.get(memory);
        if (remembered != null) {
            return remembered;
        }
        Optional<FeatureShape> start = memory.start().map(this::of);
        Optional<FeatureShape> input = memory.input().map(this::of);
        FeatureShape grid =
                input.or(() -> start)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "a cell has neither an input nor a start"));
        FeatureShape shape = grid.withChannels(memory.cell().hiddenChannels());
        start.ifPresent(from -> requireEqual("a state and its start", shape, from));
        checkCell(memory.cell(), input, shape);
        memories.put(memory, shape);
        return shape;
    }

    private void checkCell(Cell cell, Optional<FeatureShape> input, FeatureShape state) {
        for (CellPath path : CellPaths.of(cell)) {
            Optional<FeatureShape> start =
                    path.fromInput() ? input : Optional.of(state.withChannels(path.channels()));
            start.map(shape -> after(path.layers(), shape))
                    .ifPresent(gates ->
                            requireEqual(
                                    "gates and the state that they work on",
                                    state.withChannels(gates.channels()),
                                    gates));
        }
        if (cell instanceof Lstm lstm) {
            FeatureShape cells = state.withChannels(lstm.cellChannels());
            lstm.peepholes()
                    .ifPresent(weights -> {
                        demand(weights.input(), cells);
                        demand(weights.forget(), cells);
                        demand(weights.output(), cells);
                    });
        }
    }

    /** The shape after layers. */
    FeatureShape after(List<? extends Layer> layers, FeatureShape input) {
        FeatureShape shape = input;
        for (Layer layer : layers) {
            shape = after(layer, shape);
            demands.addMultiple(shape.shrinkage());
        }
        return shape;
    }

    private FeatureShape after(Layer layer, FeatureShape input) {
        return switch (layer) {
            case Convolution convolution -> {
                if (convolution.inputChannels() != input.channels()) {
                    throw new IllegalArgumentException(
                            "a convolution of %d input channels was given %d"
                                    .formatted(convolution.inputChannels(), input.channels()));
                }
                yield convolution.transposed()
                        ? enlarged(input, convolution.stride(), convolution.outputChannels())
                        : shrunk(input, convolution.stride(), convolution.outputChannels());
            }
            case Layer.SpaceToDepth(int block) ->
                    shrunk(input, block, input.channels() * block * block);
            case Layer.DepthToSpace(int block) -> {
                if (input.channels() % (block * block) != 0) {
                    throw new IllegalArgumentException(
                            "%d channels are no blocks of %d by %d"
                                    .formatted(input.channels(), block, block));
                }
                yield enlarged(input, block, input.channels() / (block * block));
            }
            case Layer.Channel(int index) -> {
                if (index < 0 || index >= input.channels()) {
                    throw new IllegalArgumentException(
                            "there is no channel %d among %d".formatted(index, input.channels()));
                }
                yield input.withChannels(1);
            }
            case Layer.LayerNorm norm -> {
                demand(norm.weight(), input);
                yield input;
            }
            case Layer.GroupNorm(int _, WeightTensor weight, WeightTensor _, double _) -> {
                requireEqual("a norm", input.withChannels(weight.size(0)), input);
                yield input;
            }
            case Layer.Activate _, Layer.Scale _ -> input;
        };
    }

    private static FeatureShape shrunk(FeatureShape input, int factor, int channels) {
        long shrinkage = Math.multiplyFull(input.shrinkage(), factor);
        return new FeatureShape(channels, Math.clamp(shrinkage, 0, Integer.MAX_VALUE));
    }

    private static FeatureShape enlarged(FeatureShape input, int factor, int channels) {
        if (input.shrinkage() % factor != 0) {
            throw new IllegalArgumentException(
                    "features at 1/%d of the frame's resolution cannot be enlarged by %d"
                            .formatted(input.shrinkage(), factor));
        }
        return new FeatureShape(channels, input.shrinkage() / factor);
    }

    /** A weight {@code [C, H, W]} that belongs to the grid of the features it meets. */
    private void demand(WeightTensor weight, FeatureShape features) {
        requireEqual("a weight of the grid", features.withChannels(weight.size(0)), features);
        demands.require(
                new GridShape(
                        side(weight.size(1), features.shrinkage()),
                        side(weight.size(2), features.shrinkage())));
    }

    private static int side(int size, int shrinkage) {
        long side = Math.multiplyFull(size, shrinkage);
        if (side > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a weight of %d rows or columns at 1/%d of the frame's resolution fits no frame"
                            .formatted(size, shrinkage));
        }
        return (int) side;
    }

    static void requireEqual(String what, FeatureShape expected, FeatureShape found) {
        if (!expected.equals(found)) {
            throw new IllegalArgumentException(
                    "%s: %d channels at 1/%d of the frame's resolution do not fit %d at 1/%d"
                            .formatted(
                                    what,
                                    expected.channels(),
                                    expected.shrinkage(),
                                    found.channels(),
                                    found.shrinkage()));
        }
    }
}
