package io.nowcast.layout;

import io.nowcast.network.Cell;
import io.nowcast.network.Convolution;
import io.nowcast.network.Features;
import io.nowcast.network.Feed;
import io.nowcast.network.Layer;
import io.nowcast.network.ReadOut;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.StepwiseNetwork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * A stack that works on patches of the frame and predicts the next frame's patches with {@code
 * conv_last}, fed its own predictions. Patches are cut into channels in the order row, column,
 * channel of the frame.
 */
final class PatchedStack {

    private final Weights weights;
    private final int depth;
    private final int patch;

    PatchedStack(Weights weights, Choices choices) {
        this.weights = weights;
        this.depth = weights.size("cell_list.0.conv_x.0.weight", 1);
        this.patch = choices.among("patch", patches(depth));
    }

    /** The network of {@code layers} cells, made by number. */
    RecurrentNetwork network(int layers, IntFunction<Cell> cells) {
        Features features =
                new Features.Through(new Features.Frame(), List.of(new Layer.SpaceToDepth(patch)));
        int top = depth;
        for (int layer = 0; layer < layers; layer++) {
            Cell cell = cells.apply(layer);
            features = Features.Recurrent.fromZero(features, cell);
            top = cell.hiddenChannels();
        }
        Convolution head = weights.same("read-out", "conv_last", depth, top);
        int[] order = channelMajor(depth, patch);
        Convolution ordered =
                Convolution.same(
                        head.weight().gather(0, order),
                        head.bias().map(bias -> bias.gather(0, order)));
        return new StepwiseNetwork(
                depth / (patch * patch),
                Optional.of(features),
                features,
                new Feed.Prediction(),
                new ReadOut.Direct(List.of(ordered, new Layer.DepthToSpace(patch))));
    }

    /** The lowest cell's convolution of patches in the order of {@link Layer.SpaceToDepth}. */
    Convolution overPatches(Convolution convolution) {
        return Convolution.same(
                convolution.weight().gather(1, channelMajor(depth, patch)), convolution.bias());
    }

    private static Map<String, Integer> patches(int depth) {
        Map<String, Integer> sides = new LinkedHashMap<>();
        for (int side = 1; side * side <= depth; side++) {
            if (depth % (side * side) == 0) {
                sides.put(Integer.toString(side), side);
            }
        }
        return sides;
    }

    /** Where channel, row, column of a patch lies in the order row, column, channel. */
    private static int[] channelMajor(int depth, int patch) {
        int area = patch * patch;
        int channels = depth / area;
        int[] indices = new int[depth];
        for (int channel = 0; channel < channels; channel++) {
            for (int cell = 0; cell < area; cell++) {
                indices[channel * area + cell] = cell * channels + channel;
            }
        }
        return indices;
    }
}
