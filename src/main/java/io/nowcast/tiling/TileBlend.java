package io.nowcast.tiling;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import java.util.Optional;

/**
 * Puts the answers of tiles together, each as it comes: an answer that was added is not held. Used
 * by one thread.
 */
public final class TileBlend {

    private final TilePlan plan;
    private final int steps;
    private int added;
    private Optional<ModelFrames> uncut = Optional.empty();
    private float[] sum = new float[0];
    private int channels;

    TileBlend(TilePlan plan, int steps) {
        this.plan = plan;
        this.steps = steps;
    }

    /**
     * Adds the answer of the next tile, in the order of {@link TilePlan#cut}.
     *
     * @param answer {@code [S', C, H, W]} of the tile, S' at least the steps that are wanted
     */
    public void add(ModelFrames answer) {
        if (!answer.grid().equals(plan.tile()) || answer.length() < steps) {
            throw new IllegalArgumentException(
                    "expected at least %d frames of %s, got %d of %s"
                            .formatted(steps, plan.tile(), answer.length(), answer.grid()));
        }
        if (!plan.isCut()) {
            uncut = Optional.of(answer);
        } else {
            if (added == 0) {
                channels = answer.channels();
                int pixels = Math.toIntExact(plan.grid().pixels());
                sum = new float[Math.multiplyExact(steps * channels, pixels)];
            }
            blend(answer);
        }
        added++;
    }

    private void blend(ModelFrames answer) {
        TileAxis rows = plan.rowsOfTiles();
        TileAxis columns = plan.columnsOfTiles();
        int tileRow = added / columns.count();
        int tileColumn = added % columns.count();
        int top = rows.start(tileRow);
        int left = columns.start(tileColumn);
        int from = columns.usedFrom(tileColumn);
        float[] across = new float[columns.usedTo(tileColumn) - from];
        for (int index = 0; index < across.length; index++) {
            across[index] = columns.weight(tileColumn, from + index);
        }
        GridShape grid = plan.grid();
        GridShape tile = plan.tile();
        for (int plane = 0; plane < steps * channels; plane++) {
            for (int row = rows.usedFrom(tileRow); row < rows.usedTo(tileRow); row++) {
                float down = rows.weight(tileRow, row);
                int write = (plane * grid.height() + row) * grid.width() + from;
                int read = (plane * tile.height() + row - top) * tile.width() + from - left;
                addRow(answer.values(), read, across, down, sum, write);
            }
        }
    }

    private static void addRow(
            float[] tile, int read, float[] across, float down, float[] whole, int write) {
        for (int index = 0; index < across.length; index++) {
            whole[write + index] += across[index] * down * tile[read + index];
        }
    }

    /**
     * The answer on the whole grid.
     *
     * @throws IllegalStateException if a tile's answer was not added
     */
    public ModelFrames result() {
        if (added != plan.count()) {
            throw new IllegalStateException(
                    "%d of %d tiles were added".formatted(added, plan.count()));
        }
        return uncut.orElseGet(() -> new ModelFrames(steps, channels, plan.grid(), sum));
    }
}
