package io.nowcast.network;

import java.util.List;

/**
 * One level of an encoder or a forecaster: feed-forward layers around a recurrent cell.
 *
 * @param before layers between the stage's input and the cell
 * @param cell the recurrent layer
 * @param after layers between the cell and the stage's output
 */
public record Stage(List<Layer> before, Cell cell, List<Layer> after) {

    public Stage {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /** By how much the layers before the cell divide height and width. */
    public int shrinkage() {
        return before.stream().mapToInt(Stage::shrinkage).reduce(1, (a, b) -> a * b);
    }

    private static int shrinkage(Layer layer) {
        return switch (layer) {
            case Layer.SpaceToDepth(int block) -> block;
            case Convolution convolution -> convolution.transposed() ? 1 : convolution.stride();
            case Layer.DepthToSpace _, Layer.Activate _ -> 1;
        };
    }
}
