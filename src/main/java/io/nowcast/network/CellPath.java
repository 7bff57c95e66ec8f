package io.nowcast.network;

import java.util.List;

/**
 * One way through a cell's convolutions.
 *
 * @param fromInput whether it begins at the cell's input; else at {@code channels} channels of its
 *     states
 * @param channels channels of the states that it reads; of no meaning from the input
 * @param layers the layers on the way
 */
record CellPath(boolean fromInput, int channels, List<? extends Layer> layers) {

    static CellPath ofInput(List<? extends Layer> layers) {
        return new CellPath(true, 0, layers);
    }

    static CellPath ofState(int channels, List<? extends Layer> layers) {
        return new CellPath(false, channels, layers);
    }
}
