package io.nowcast.codec;

/**
 * How much one body may hold. Each promise in the input is compared with these before anything is
 * allocated for it.
 *
 * @param expandedBytes bytes that an archive may inflate to, and bytes of the float32 frames that
 *     any body may decode to
 * @param frames frames T of one sequence
 * @param batch sequences B of one body
 * @param pixelsPerFrame H·W
 * @param archiveEntries entries of a ZIP or NPZ, folders included
 */
public record CodecLimits(
        long expandedBytes, int frames, int batch, long pixelsPerFrame, int archiveEntries) {

    public CodecLimits {
        if (expandedBytes < 1
                || frames < 1
                || batch < 1
                || pixelsPerFrame < 1
                || archiveEntries < 1) {
            throw new IllegalArgumentException(
                    "every limit must be at least 1, got %d bytes, %d frames, batch %d, %d pixels, %d entries"
                            .formatted(
                                    expandedBytes, frames, batch, pixelsPerFrame, archiveEntries));
        }
    }

    /**
     * Admits a body of this shape.
     *
     * @param where what the shape was read from, for the message
     * @return B·T·H·W, which fits an array
     * @throws BodyTooLargeException if one of the sizes or the whole exceeds its limit
     */
    int admit(String where, long sequences, long framesEach, long height, long width) {
        atMost(where, "sequences in a batch", sequences, batch);
        atMost(where, "frames", framesEach, frames);
        admitFrame(where, height, width);
        long elements = product(product(sequences, framesEach), product(height, width));
        atMost(where, "bytes as float32", product(elements, Float.BYTES), expandedBytes);
        // An array's length is an int, and some virtual machines keep a few for its header.
        atMost(where, "pixels in all", elements, Integer.MAX_VALUE - 8);
        return (int) elements;
    }

    void admitFrame(String where, long height, long width) {
        atMost(where, "rows", height, Integer.MAX_VALUE);
        atMost(where, "columns", width, Integer.MAX_VALUE);
        atMost(where, "pixels a frame", product(height, width), pixelsPerFrame);
    }

    /** Admits memory for data on their way to frames. */
    void admitBytes(String where, long bytes) {
        atMost(where, "bytes", bytes, expandedBytes);
    }

    void admitFrames(String where, long count) {
        atMost(where, "frames", count, frames);
    }

    void admitEntries(String where, long count) {
        atMost(where, "archive entries", count, archiveEntries);
    }

    private static void atMost(String where, String what, long actual, long limit) {
        if (actual > limit) {
            throw new BodyTooLargeException(
                    "%s: %s %s, the limit is %d"
                            .formatted(
                                    where,
                                    actual == Long.MAX_VALUE ? "more than 2^63" : actual,
                                    what,
                                    limit));
        }
    }

    /**
     * The product of two sizes that are not negative; {@code Long.MAX_VALUE} where it overflows.
     */
    private static long product(long a, long b) {
        return Math.multiplyHigh(a, b) == 0 && a * b >= 0 ? a * b : Long.MAX_VALUE;
    }
}
