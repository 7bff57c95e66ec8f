package io.nowcast.codec;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.PixelEncoding;

/**
 * The inverse of {@link PixelLookup}: physical values to unsigned integers, rounded to the nearest
 * and clamped to the range. A value that would become the fill value becomes its neighbour.
 */
final class PixelQuantiser {

    private static final int NONE = -1;

    private final PixelEncoding encoding;
    private final int highest;
    private final int fill;

    /**
     * @param bits 8 or 16
     */
    PixelQuantiser(PixelEncoding encoding, int bits) {
        this.encoding = encoding;
        this.highest = (1 << bits) - 1;
        double wanted = encoding.fillValue().orElse(NONE);
        boolean representable = wanted >= 0 && wanted <= highest && wanted == Math.rint(wanted);
        this.fill = representable ? (int) wanted : NONE;
    }

    /** Whether the encoding has an integer within the range that means "missing". */
    boolean holdsMissing() {
        return fill != NONE;
    }

    /**
     * Requires that every value can be written.
     *
     * @throws UnusableFramesException if a value is missing and no integer means that
     */
    void requireHolds(FrameSequence sequence) {
        if (holdsMissing()) {
            return;
        }
        float[] values = sequence.values();
        for (int i = 0; i < values.length; i++) {
            if (Float.isNaN(values[i])) {
                int pixels = (int) sequence.grid().pixels();
                throw missing(
                        "the forecast is missing at frame %d,".formatted(i / pixels),
                        sequence.grid(),
                        i % pixels);
            }
        }
    }

    /**
     * Requires that a forecast of these frames may be writable: what is missing in the last one is
     * missing in the forecast, or moves on and lets in what was never seen.
     *
     * @throws UnusableFramesException if a value is missing there and no integer means that
     */
    void requireHoldsForecastOf(FrameSequence observed) {
        if (holdsMissing()) {
            return;
        }
        int pixels = (int) observed.grid().pixels();
        int last = (observed.length() - 1) * pixels;
        for (int pixel = 0; pixel < pixels; pixel++) {
            if (Float.isNaN(observed.values()[last + pixel])) {
                throw missing(
                        "the last frame, and so its forecast, is missing at",
                        observed.grid(),
                        pixel);
            }
        }
    }

    private UnusableFramesException missing(String where, GridShape grid, int pixel) {
        return new UnusableFramesException(
                "%s row %d, column %d, and PNG pixels cannot say so: give a fill_value of 0 to %d (got %s)"
                        .formatted(
                                where,
                                pixel / grid.width(),
                                pixel % grid.width(),
                                highest,
                                encoding.fillValue().isPresent()
                                        ? encoding.fillValue().getAsDouble()
                                        : "none"));
    }

    /** The integer that stands for a value; NaN must be representable. */
    int quantise(float value) {
        if (Float.isNaN(value)) {
            return fill;
        }
        double exact = (value - encoding.addOffset()) / encoding.scaleFactor();
        int nearest = (int) Math.clamp(Math.rint(exact), 0, highest);
        return nearest == fill ? besideFill(exact) : nearest;
    }

    private int besideFill(double exact) {
        if (fill == 0) {
            return 1;
        }
        return fill == highest || exact < fill ? fill - 1 : fill + 1;
    }
}
