package io.nowcast.tiling;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How a grid is cut: rows times columns of tiles of one shape, numbered row by row. A grid that
 * needs no cutting is a plan of one tile. Immutable.
 */
public final class TilePlan {

    /** Far more than a request needs that is worth making. */
    private static final int MOST_A_SIDE = 64;

    private final GridShape grid;
    private final TileAxis rows;
    private final TileAxis columns;
    private final int overlap;

    private TilePlan(GridShape grid, TileAxis rows, TileAxis columns, int overlap) {
        this.grid = grid;
        this.rows = rows;
        this.columns = columns;
        this.overlap = overlap;
    }

    /** The grid in one piece. */
    public static TilePlan whole(GridShape grid) {
        return new TilePlan(
                grid, TileAxis.whole(grid.height(), 1), TileAxis.whole(grid.width(), 1), 0);
    }

    /**
     * The fewest tiles of at most {@code mostPixels}, of those the squarest.
     *
     * @param grid whose sides are multiples of {@code multiple}
     * @param overlap of neighbouring tiles, a multiple of {@code multiple}
     * @param multiple what a tile's place and sides are multiples of
     * @return empty where the overlap leaves tiles of so few pixels nothing to cover
     */
    public static Optional<TilePlan> fewest(
            GridShape grid, long mostPixels, int overlap, int multiple) {
        return IntStream.rangeClosed(1, MOST_A_SIDE)
                .mapToObj(count -> withRows(grid, count, mostPixels, overlap, multiple))
                .flatMap(Optional::stream)
                .min(
                        Comparator.comparingInt(TilePlan::count)
                                .thenComparingInt(plan ->
                                        Math.max(plan.tile().height(), plan.tile().width())));
    }

    private static Optional<TilePlan> withRows(
            GridShape grid, int count, long mostPixels, int overlap, int multiple) {
        int height =
                Math.min(grid.height(), TileAxis.tile(grid.height(), count, overlap, multiple));
        long widest = Math.min(grid.width(), mostPixels / height / multiple * multiple);
        if (widest < multiple || (widest < grid.width() && widest <= overlap)) {
            return Optional.empty();
        }
        int columns = TileAxis.count(grid.width(), (int) widest, overlap);
        int width = TileAxis.tile(grid.width(), columns, overlap, multiple);
        return of(grid, new GridShape(height, Math.min(width, grid.width())), overlap, multiple);
    }

    /**
     * Tiles of a given shape, each side no longer than the grid's.
     *
     * @return empty where a tile is so short that more than two would overlap at a pixel
     */
    public static Optional<TilePlan> of(GridShape grid, GridShape tile, int overlap, int multiple) {
        int height = Math.min(tile.height(), grid.height());
        int width = Math.min(tile.width(), grid.width());
        boolean fits =
                TileAxis.isLongEnough(grid.height(), height, overlap, multiple)
                        && TileAxis.isLongEnough(grid.width(), width, overlap, multiple);
        return fits
                ? Optional.of(
                        new TilePlan(
                                grid,
                                TileAxis.of(grid.height(), height, overlap, multiple),
                                TileAxis.of(grid.width(), width, overlap, multiple),
                                overlap))
                : Optional.empty();
    }

    /** Number of tiles. */
    public int count() {
        return rows.count() * columns.count();
    }

    /** Whether there is more than one tile. */
    public boolean isCut() {
        return count() > 1;
    }

    /** The shape of every tile. */
    public GridShape tile() {
        return new GridShape(rows.tile(), columns.tile());
    }

    GridShape grid() {
        return grid;
    }

    /**
     * Cuts frames into this plan's tiles; frames in one piece are not copied.
     *
     * @param frames on the grid of the plan
     */
    public List<ModelFrames> cut(ModelFrames frames) {
        if (!isCut()) {
            return List.of(frames);
        }
        List<ModelFrames> tiles = new ArrayList<>(count());
        for (int index = 0; index < count(); index++) {
            tiles.add(tile(frames, index));
        }
        return tiles;
    }

    private ModelFrames tile(ModelFrames frames, int index) {
        GridShape tile = tile();
        int planes = frames.length() * frames.channels();
        float[] values = new float[Math.multiplyExact(planes, Math.toIntExact(tile.pixels()))];
        int top = rows.start(index / columns.count());
        int left = columns.start(index % columns.count());
        int write = 0;
        for (int plane = 0; plane < planes; plane++) {
            for (int row = top; row < top + tile.height(); row++) {
                int read = (plane * grid.height() + row) * grid.width() + left;
                System.arraycopy(frames.values(), read, values, write, tile.width());
                write += tile.width();
            }
        }
        return new ModelFrames(frames.length(), frames.channels(), tile, values);
    }

    /** Begins to put answers together, of which the first {@code steps} frames are wanted. */
    public TileBlend blend(int steps) {
        return new TileBlend(this, steps);
    }

    TileAxis rowsOfTiles() {
        return rows;
    }

    TileAxis columnsOfTiles() {
        return columns;
    }

    /** Such as {@code 2x3; overlap=64}: rows x columns of tiles, and pixels that they share. */
    @Override
    public String toString() {
        return "%dx%d; overlap=%d".formatted(rows.count(), columns.count(), overlap);
    }
}
