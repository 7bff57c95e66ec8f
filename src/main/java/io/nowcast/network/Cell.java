package io.nowcast.network;

/** One recurrent layer: maps an input frame and its state to the next state. */
public sealed interface Cell permits ConvGru {

    /** Channels N of the hidden state {@code [B, N, H, W]}. */
    int hiddenChannels();

    /** Whether the cell takes an input; a forecaster's topmost cell runs on its state alone. */
    boolean takesInput();
}
