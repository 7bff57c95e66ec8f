package io.nowcast.network;

/**
 * A network that maps observed frames {@code [B, T, C, H, W]} to forecast frames {@code [B, S, C',
 * H, W]} for any number of lead times S.
 */
public sealed interface RecurrentNetwork permits EncoderForecaster {

    /** Channels C of an input frame. */
    int inputChannels();

    /** What height and width of the grid must be multiples of. */
    int gridMultiple();

    /** Number of trained values. */
    long parameterCount();
}
