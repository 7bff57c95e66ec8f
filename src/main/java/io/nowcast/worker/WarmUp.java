package io.nowcast.worker;

import io.nowcast.batching.BatchQueue;
import io.nowcast.batching.Reservation;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelManifest;
import io.nowcast.model.NowcastModel;
import java.time.Duration;
import java.util.List;

/**
 * Real forward passes before the first request: they prove that the model answers, and the first
 * calls are slow.
 */
final class WarmUp {

    private final DeviceTurns turns;
    private final DeviceTurns.Share share;

    /** Makes calls in turn with others: a model may be loaded beside those that serve. */
    WarmUp(DeviceTurns turns, DeviceTurns.Share share) {
        this.turns = turns;
        this.share = share;
    }

    /**
     * Runs every warm-up grid of the manifest, lets the model rest, and lets the queue know what a
     * warm call takes.
     *
     * @throws ModelException if a call fails or answers with numbers that are not finite
     */
    void run(NowcastModel model, ModelManifest manifest, BatchQueue queue) {
        for (GridShape grid : manifest.warmUpGrids(model.facts().onlyGrid())) {
            GridShape padded = grid.roundedUpTo(model.facts().gridMultiple());
            int length = manifest.frames().input();
            int channels = manifest.inputChannels();
            float[] dry = new float[Math.toIntExact(padded.pixels() * length * channels)];
            ModelFrames input = new ModelFrames(length, channels, padded, dry);
            int steps = manifest.frames().output();
            // The first call of a grid is slow, whatever the number of its steps.
            call(model, input, 1);
            queue.expect(new Reservation.Work(input, steps, 0), call(model, input, steps));
        }
        model.rest();
    }

    private Duration call(NowcastModel model, ModelFrames input, int steps) {
        try (DeviceTurns.Turn turn = turns.take(share)) {
            model.computeWith(turn.begin(0), turn.isBesideSeveral());
            long started = System.nanoTime();
            check(model.predict(List.of(input), steps).getFirst(), steps);
            return Duration.ofNanos(System.nanoTime() - started);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ModelException("the warm-up was interrupted");
        }
    }

    private static void check(ModelFrames forecast, int steps) {
        if (forecast.length() < steps) {
            throw new ModelException(
                    "%d output frames were asked for, the model answers with %d"
                            .formatted(steps, forecast.length()));
        }
        for (float value : forecast.values()) {
            if (!Float.isFinite(value)) {
                throw new ModelException("the model answers dry frames with " + value);
            }
        }
    }
}
