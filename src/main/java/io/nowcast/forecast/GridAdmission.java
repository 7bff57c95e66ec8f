package io.nowcast.forecast;

import io.nowcast.batching.WorkingMemory;
import io.nowcast.frames.GridShape;
import io.nowcast.model.ServedGrids;
import io.nowcast.model.ServedModel;
import io.nowcast.tiling.TilePlan;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which grids a model forecasts in one piece, which in tiles, and which not at all: a prediction
 * must keep to the pixels of the model's manifest and to the memory that the service grants it. The
 * memory is estimated before anything is computed. Immutable.
 */
final class GridAdmission {

    /** As many as a queue of the usual capacity holds. */
    private static final int MOST_TILES = 64;

    private static final GridShape SMALL = new GridShape(64, 64);
    private static final GridShape LARGE = new GridShape(1024, 1024);

    private final WorkingMemory workingMemory;

    /**
     * Grants every prediction the same.
     *
     * @param workingMemory what a prediction may take on its device, beside the weights
     */
    GridAdmission(WorkingMemory workingMemory) {
        this.workingMemory = workingMemory;
    }

    /**
     * How a grid is forecast.
     *
     * @param sequences number of sequences of the request
     * @throws ForecastException.Unusable naming the grid, what it needs, the limit and what to do
     */
    TilePlan plan(ServedModel model, GridShape grid, int steps, int sequences) {
        GridShape padded = model.paddedGrid(grid);
        long most = wholePixels(model, steps);
        if (padded.pixels() <= most) {
            return TilePlan.whole(padded);
        }
        TilePlan plan =
                switch (model.manifest().gridLimits().aboveLimits()) {
                    case REFUSE -> throw tooLarge(model, grid, steps);
                    case TILE -> tiles(model, grid, steps, most);
                };
        if ((long) plan.count() * sequences > MOST_TILES) {
            throw new ForecastException.Unusable(
                    "%d sequences of %s would take %d tiles of %s each, at most %d in all are computed for a request; send fewer sequences or smaller grids, or allow larger tiles: %s"
                            .formatted(
                                    sequences,
                                    grid,
                                    plan.count(),
                                    plan.tile(),
                                    MOST_TILES,
                                    limit(model, grid, steps)));
        }
        return plan;
    }

    private TilePlan tiles(ServedModel model, GridShape grid, int steps, long most) {
        ServedGrids grids = model.manifest().gridLimits();
        GridShape padded = model.paddedGrid(grid);
        int multiple = model.facts().gridMultiple();
        int overlap = model.tileOverlap();
        Optional<TilePlan> plan =
                grids.tileShape()
                        .map(tile -> tile.roundedUpTo(multiple))
                        .map(tile -> TilePlan.of(padded, tile, overlap, multiple))
                        .orElseGet(() -> TilePlan.fewest(padded, most, overlap, multiple));
        return plan.filter(cut -> cut.tile().pixels() <= most)
                .orElseThrow(() ->
                        new ForecastException.Unusable(
                                "a grid of %s cannot be cut into tiles of at most %d pixels that overlap by %d and are long enough for it; %s"
                                        .formatted(
                                                grid, most, overlap, limit(model, grid, steps))));
    }

    private ForecastException tooLarge(ServedModel model, GridShape grid, int steps) {
        return new ForecastException.Unusable(
                "model %s forecasts a grid of %s with %d steps neither whole nor in tiles: %s; send a smaller grid%s, raise the limit, or let its manifest cut grids into tiles (grid.above: tile)"
                        .formatted(
                                model.name(),
                                grid,
                                steps,
                                limit(model, grid, steps),
                                isTooManyPixels(model, grid) ? "" : ", ask for fewer steps"));
    }

    private static boolean isTooManyPixels(ServedModel model, GridShape grid) {
        return model.paddedGrid(grid).pixels() > model.manifest().gridLimits().maximumArea();
    }

    /** The limit that a grid is above. */
    private String limit(ServedModel model, GridShape grid, int steps) {
        GridShape padded = model.paddedGrid(grid);
        if (isTooManyPixels(model, grid)) {
            return "it has %d pixels after padding to multiples of %d, and the model's grid.maximum-pixels is %d"
                    .formatted(
                            padded.pixels(),
                            model.facts().gridMultiple(),
                            model.manifest().gridLimits().maximumArea());
        }
        return "it needs about %d MB of working memory, and nowcast.limits.working-memory is %d MB"
                .formatted(
                        Math.ceilDiv(model.workingBytes(padded, steps).orElse(0), 1 << 20),
                        workingMemory.bytes() >> 20);
    }

    /** The most pixels of a padded grid that one model call computes. */
    long wholePixels(ServedModel model, int steps) {
        long most = model.manifest().gridLimits().maximumArea();
        OptionalLong small = model.workingBytes(SMALL, steps);
        OptionalLong large = model.workingBytes(LARGE, steps);
        if (small.isEmpty() || large.isEmpty()) {
            return most;
        }
        // All but a constant grows with the pixels.
        double aPixel =
                (large.getAsLong() - small.getAsLong())
                        / (double) (LARGE.pixels() - SMALL.pixels());
        double constant = small.getAsLong() - aPixel * SMALL.pixels();
        return Math.min(most, Math.max(0, (long) ((workingMemory.bytes() - constant) / aPixel)));
    }
}
