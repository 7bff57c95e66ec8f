package io.nowcast.forecast;

import io.nowcast.batching.Prediction;
import io.nowcast.tiling.TileBlend;
import io.nowcast.tiling.TilePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the predictions of tiles together as they come, sequence by sequence; of a tile nothing is
 * held once it was added. Used by one thread.
 */
final class TileAnswers {

    private final TilePlan plan;
    private final int steps;
    private final List<Prediction> whole = new ArrayList<>();
    private TileBlend blend;
    private int added;
    private Duration queued = Duration.ZERO;
    private Duration inference = Duration.ZERO;

    TileAnswers(TilePlan plan, int steps) {
        this.plan = plan;
        this.steps = steps;
        this.blend = plan.blend(steps);
    }

    /** Adds the next prediction, in the order in which the tiles were cut. */
    void add(Prediction tile) {
        blend.add(tile.forecast());
        queued = added == 0 ? tile.queued() : min(queued, tile.queued());
        inference = inference.plus(tile.inference());
        added++;
        if (added == plan.count()) {
            whole.add(new Prediction(blend.result(), tile.device(), queued, inference));
            blend = plan.blend(steps);
            added = 0;
            inference = Duration.ZERO;
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * A prediction a sequence: of several tiles with the shortest wait of any and the sum of their
     * model calls.
     */
    List<Prediction> sequences() {
        return List.copyOf(whole);
    }
}
