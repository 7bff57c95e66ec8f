package io.nowcast.network;

import io.nowcast.frames.GridShape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one time step of a network costs on a grid, counted from its layers.
 *
 * @param operations multiplications and additions of the convolutions
 * @param stateBytes float32 bytes of the states that go from step to step
 * @param featureBytes float32 bytes of everything that the convolutions of a step write: more than
 *     is alive at once
 * @param reach how many pixels to each side of the frame a pixel of the answer sees in one step;
 *     every further step adds that of the states
 * @param stateReach by how many pixels to each side the states see further with every step
 */
public record StepCost(
        long operations, long stateBytes, long featureBytes, int reach, int stateReach) {

    private static final GridShape POINT = new GridShape(1, 1);
    private static final StepCost NONE = new StepCost(0, 0, 0, 0, 0);

    /** The cost of an observed frame; nothing where the forecast pass sees the frames itself. */
    public static StepCost ofObservedFrame(RecurrentNetwork network, GridShape grid) {
        return switch (network) {
            case StepwiseNetwork stepwise ->
                    stepwise.observer()
                            .map(pass ->
                                    count(
                                            new ShapeInference(
                                                    new FeatureShape(stepwise.inputChannels(), 1)),
                                            grid,
                                            pass,
                                            List.of()))
                            .orElse(NONE);
            case SequenceNetwork sequence -> {
                ShapeInference shapes =
                        new ShapeInference(new FeatureShape(sequence.inputChannels(), 1));
                Features features = new Features.Frame();
                for (SequenceNetwork.Level level : sequence.levels()) {
                    features = level.over(features);
                }
                yield count(shapes, grid, features, sequence.head());
            }
            case FeatureRows(RecurrentNetwork series) -> ofObservedFrame(series, POINT);
        };
    }

    /** The cost of a lead step; nothing where all of them are answered at once. */
    public static StepCost ofLeadStep(RecurrentNetwork network, GridShape grid) {
        return switch (network) {
            case StepwiseNetwork stepwise -> {
                ShapeInference shapes =
                        new ShapeInference(new FeatureShape(stepwise.inputChannels(), 1));
                stepwise.observer().ifPresent(shapes::of);
                ShapeInference pass =
                        stepwise.feed() instanceof Feed.OwnFeatures(Features first)
                                ? shapes.withFrame(shapes.of(first))
                                : shapes;
                yield count(pass, grid, stepwise.forecaster(), stepwise.readOut().layers());
            }
            case SequenceNetwork _ -> NONE;
            case FeatureRows(RecurrentNetwork series) -> ofLeadStep(series, POINT);
        };
    }

    private static StepCost count(
            ShapeInference shapes, GridShape grid, Features pass, List<Layer> readOut) {
        Count count = new Count(shapes, grid);
        int reach = count.features(pass);
        return new StepCost(
                count.operations + count.layers(readOut, shapes.of(pass)),
                count.stateBytes,
                count.featureBytes,
                reach + Count.reach(readOut, shapes.of(pass).shrinkage()),
                count.stateReach);
    }

    private static final class Count {

        private final ShapeInference shapes;
        private final GridShape grid;
        private final Set<Features> seen = new HashSet<>();
        private final Set<Features.Recurrent> cells = new HashSet<>();
        private long operations;
        private long stateBytes;
        private long featureBytes;
        private int stateReach;

        Count(ShapeInference shapes, GridShape grid) {
            this.shapes = shapes;
            this.grid = grid;
        }

        /** Adds what a pass computes; returns how far its result sees. */
        int features(Features features) {
            boolean first = seen.add(features);
            return switch (features) {
                case Features.Frame _ -> 0;
                case Features.Through(Features input, List<Layer> layers) -> {
                    FeatureShape shape = shapes.of(input);
                    int before = features(input);
                    if (first) {
                        operations += layers(layers, shape);
                    }
                    yield before + reach(layers, shape.shrinkage());
                }
                case Features.Joined(List<Features> parts) ->
                        parts.stream().mapToInt(this::features).max().orElse(0);
                case Features.Sum(Features one, Features other) ->
                        Math.max(features(one), features(other));
                case Features.Recurrent memory -> recurrent(memory, first);
            };
        }

        private int recurrent(Features.Recurrent memory, boolean first) {
            FeatureShape state = shapes.of(memory);
            int before = memory.input().map(this::features).orElse(0);
            List<Integer> fromInput = new ArrayList<>(List.of(0));
            FeatureShape input = memory.input().map(shapes::of).orElse(state);
            for (CellPath path : CellPaths.throughStep(memory.cell())) {
                if (path.fromInput()) {
                    fromInput.add(reach(path.layers(), input.shrinkage()));
                } else {
                    stateReach = Math.max(stateReach, reach(path.layers(), state.shrinkage()));
                }
            }
            if (first) {
                for (CellPath path : CellPaths.of(memory.cell())) {
                    operations +=
                            layers(
                                    path.layers(),
                                    path.fromInput() ? input : state.withChannels(path.channels()));
                }
                stateBytes +=
                        StateValues.stateChannels(memory.cell(), cells)
                                * pixels(state)
                                * Float.BYTES;
                cells.add(memory);
            }
            return before + fromInput.stream().mapToInt(Integer::intValue).max().orElse(0);
        }

        long layers(List<? extends Layer> layers, FeatureShape input) {
            long sum = 0;
            FeatureShape shape = input;
            for (Layer layer : layers) {
                FeatureShape after = shapes.after(List.of(layer), shape);
                if (layer instanceof Convolution convolution) {
                    // Each weight meets every pixel of the smaller of the two grids.
                    long pixels = pixels(convolution.transposed() ? shape : after);
                    sum += 2L * convolution.weight().values().length * pixels;
                    featureBytes += after.channels() * pixels(after) * Float.BYTES;
                }
                shape = after;
            }
            return sum;
        }

        private long pixels(FeatureShape shape) {
            return grid.pixels() / ((long) shape.shrinkage() * shape.shrinkage());
        }

        static int reach(List<? extends Layer> layers, int shrinkage) {
            int reach = 0;
            int scale = shrinkage;
            for (Layer layer : layers) {
                switch (layer) {
                    case Convolution convolution -> {
                        int kernel =
                                Math.max(
                                        convolution.weight().size(2), convolution.weight().size(3));
                        if (convolution.transposed()) {
                            scale /= convolution.stride();
                        }
                        reach += kernel / 2 * scale;
                        if (!convolution.transposed()) {
                            scale *= convolution.stride();
                        }
                    }
                    case Layer.SpaceToDepth(int block) -> {
                        scale *= block;
                        reach += scale / 2;
                    }
                    case Layer.DepthToSpace(int block) -> scale /= block;
                    case Layer.Activate _,
                            Layer.Scale _,
                            Layer.Channel _,
                            Layer.GroupNorm _,
                            Layer.LayerNorm _ -> {}
                }
            }
            return reach;
        }
    }
}
