package io.nowcast.frames;

/**
 * Equally spaced radar frames of one grid, oldest first: {@code [T, H, W]} of float32 in one unit,
 * NaN where data are missing.
 *
 * <p>The values are shared, not copied: whoever makes a sequence hands its array over and must not
 * write to it again.
 */
public final class FrameSequence {

    private final int length;
    private final GridShape grid;
    private final RainUnit unit;
    private final float[] values;

    /**
     * @param length number of frames T, at least 1
     * @param values T·H·W values in row-major order; the sequence takes ownership
     * @throws IllegalArgumentException if the number of values is not T·H·W
     */
    public FrameSequence(int length, GridShape grid, RainUnit unit, float[] values) {
        if (length < 1 || values.length != length * grid.pixels()) {
            throw new IllegalArgumentException(
                    "%d frames of %s need %d values, got %d"
                            .formatted(length, grid, length * grid.pixels(), values.length));
        }
        this.length = length;
        this.grid = grid;
        this.unit = unit;
        this.values = values;
    }

    /** Number of frames T. */
    public int length() {
        return length;
    }

    public GridShape grid() {
        return grid;
    }

    public RainUnit unit() {
        return unit;
    }

    /** The backing array, T·H·W values in row-major order: to be read, never written. */
    public float[] values() {
        return values;
    }

    /** The value of one pixel, NaN where missing. */
    public float value(int frame, int row, int column) {
        return values[(frame * grid.height() + row) * grid.width() + column];
    }
}
