package io.nowcast.network;

/** One recurrent layer: maps an input frame and its state to the next state. */
public sealed interface Cell
        permits Lstm, GruResetAfter, GruResetBefore, TrajectoryGru, SpatiotemporalLstm {

    /** Channels N of the hidden state {@code [B, N, H, W]}. */
    int hiddenChannels();

    /** Whether the cell takes an input; a forecaster's topmost cell runs on its state alone. */
    boolean takesInput();

    /** Requires N·gates channels of pre-activations. */
    static void requireGates(String cell, int gates, int hiddenChannels, int found) {
        if (found != gates * hiddenChannels) {
            throw new IllegalArgumentException(
                    "%s with %d hidden channels has %d channels of gates, got %d"
                            .formatted(cell, hiddenChannels, gates * hiddenChannels, found));
        }
    }
}
