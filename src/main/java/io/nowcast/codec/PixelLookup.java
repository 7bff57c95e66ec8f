package io.nowcast.codec;

import io.nowcast.frames.PixelEncoding;

/** Physical values of integers, tabulated: one load a pixel instead of arithmetic and a branch. */
final class PixelLookup {

    private PixelLookup() {}

    /**
     * The physical value of every bit pattern.
     *
     * @param bits at most 16
     * @param signed whether bit patterns are two's complement numbers
     * @return 2^bits physical values by bit pattern, NaN at the fill value
     */
    static float[] table(PixelEncoding encoding, int bits, boolean signed) {
        int size = 1 << bits;
        float[] table = new float[size];
        for (int pattern = 0; pattern < size; pattern++) {
            int value = signed && pattern >= size / 2 ? pattern - size : pattern;
            table[pattern] = physical(encoding, value);
        }
        return table;
    }

    /** The physical value of one integer, NaN at the fill value. */
    static float physical(PixelEncoding encoding, double value) {
        if (encoding.fillValue().isPresent() && encoding.fillValue().getAsDouble() == value) {
            return Float.NaN;
        }
        return (float) (value * encoding.scaleFactor() + encoding.addOffset());
    }
}
