package io.nowcast.frames;

/**
 * Frames as a model sees them: {@code [T, C, H, W]} of float32 in the model's own number range,
 * finite everywhere.
 *
 * <p>The values are shared, not copied: whoever makes frames hands its array over and must not
 * write to it again.
 */
public final class ModelFrames {

    private final int length;
    private final int channels;
    private final GridShape grid;
    private final float[] values;

    /**
     * @param length number of frames T
     * @param channels channels C of a frame
     * @param values T·C·H·W values in row-major order; the frames take ownership
     * @throws IllegalArgumentException if the number of values is not T·C·H·W
     */
    public ModelFrames(int length, int channels, GridShape grid, float[] values) {
        if (values.length != (long) length * channels * grid.pixels()) {
            throw new IllegalArgumentException(
                    "%d frames of %d channels and %s pixels do not have %d values"
                            .formatted(length, channels, grid, values.length));
        }
        this.length = length;
        this.channels = channels;
        this.grid = grid;
        this.values = values;
    }

    public int length() {
        return length;
    }

    public int channels() {
        return channels;
    }

    public GridShape grid() {
        return grid;
    }

    /** The backing array, T·C·H·W values in row-major order: to be read, never written. */
    public float[] values() {
        return values;
    }

    /** Memory that the values take. */
    public long bytes() {
        return (long) values.length * Float.BYTES;
    }

    /**
     * Whether these frames can share a model call with others: everything but the values is the
     * same.
     */
    public boolean sameShapeAs(ModelFrames other) {
        return length == other.length && channels == other.channels && grid.equals(other.grid);
    }
}
