package io.nowcast.scaling;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import java.util.Arrays;

/**
 * The coverage of the last observed frame, moved on with the rain: at lead step k the pixel at row
 * r and column c is missing where the pixel nearest to {@code (r - k·v_row, c - k·v_column)} is, or
 * lies outside the grid. Nothing moves with {@link MeanMotion#NONE}. Immutable.
 */
final class ObservedCoverage {

    private final GridShape grid;
    private final float[] observed;
    private final int lastFrame;
    private final MeanMotion motion;

    ObservedCoverage(FrameSequence frames, MeanMotion motion) {
        this.grid = frames.grid();
        this.observed = frames.values();
        this.lastFrame = (frames.length() - 1) * Math.toIntExact(grid.pixels());
        this.motion = motion;
    }

    /**
     * Makes what is not covered in one row of a forecast missing.
     *
     * @param values of which the row takes W, from {@code start} on
     * @param leadStep 1 for the first frame of the forecast
     */
    void apply(float[] values, int start, int leadStep, int row) {
        int width = grid.width();
        // Bounded by the grid, so that no sum below overflows.
        int down = Math.clamp(Math.round(leadStep * motion.rows()), -grid.height(), grid.height());
        int right = Math.clamp(Math.round(leadStep * motion.columns()), -width, width);
        int source = row - down;
        if (source < 0 || source >= grid.height()) {
            Arrays.fill(values, start, start + width, Float.NaN);
            return;
        }
        int first = Math.max(0, right);
        int last = Math.min(width, width + right);
        Arrays.fill(values, start, start + first, Float.NaN);
        Arrays.fill(values, start + last, start + width, Float.NaN);
        int moved = lastFrame + source * width - right;
        for (int column = first; column < last; column++) {
            if (Float.isNaN(observed[moved + column])) {
                values[start + column] = Float.NaN;
            }
        }
    }
}
