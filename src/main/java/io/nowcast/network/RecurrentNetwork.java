package io.nowcast.network;

import io.nowcast.frames.GridShape;
import java.util.Optional;

/**
 * A network that maps observed frames {@code [B, T, C, H, W]} to forecast frames {@code [B, S, C',
 * H, W]}.
 */
public sealed interface RecurrentNetwork permits StepwiseNetwork, SequenceNetwork, FeatureRows {

    /** Channels C of an input frame. */
    int inputChannels();

    /** Channels C' of a forecast frame. */
    int outputChannels();

    /** What height and width of the grid must be multiples of. */
    int gridMultiple();

    /** The only grid that fits, where weights belong to grid cells. */
    Optional<GridShape> onlyGrid();

    /** The most lead steps from {@code frames} observed ones; the largest integer if unlimited. */
    int mostSteps(int frames);
}
