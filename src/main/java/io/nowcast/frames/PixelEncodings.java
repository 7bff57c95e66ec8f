package io.nowcast.frames;

/**
 * The encodings that a model expects of integer frames, by the depth that they come in.
 *
 * @param eightBit of 8-bit integers and of palette indices
 * @param sixteenBit of 16-bit integers
 */
public record PixelEncodings(PixelEncoding eightBit, PixelEncoding sixteenBit) {}
