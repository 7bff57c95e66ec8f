package io.nowcast.forecast;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.model.ModelManifest;
import io.nowcast.model.ServedGrids;
import io.nowcast.model.ServedModel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a model demands of a request. */
final class RequestChecks {

    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private RequestChecks() {}

    /**
     * The number of lead steps that the answer has.
     *
     * @throws ForecastException.Unusable if more are asked for than the model may give
     */
    static int steps(ForecastRequest request, ServedModel model) {
        int most = maximumSteps(model);
        int steps = request.steps().orElse(model.manifest().frames().output());
        if (steps < 1 || steps > most) {
            throw new ForecastException.Unusable(
                    "steps is %d; model %s gives 1 to %d".formatted(steps, model.name(), most));
        }
        return steps;
    }

    /**
     * The most lead steps that a model gives: a module that takes no number of steps always gives
     * its own.
     */
    static int maximumSteps(ServedModel model) {
        ModelManifest.Frames frames = model.manifest().frames();
        return model.facts().fixedSteps() ? frames.output() : frames.maximumOutput();
    }

    /**
     * Checks frames, interval and what of the grid {@link GridAdmission} does not.
     *
     * @throws ForecastException.Unusable naming what was expected and what came
     */
    static void check(ForecastRequest request, ServedModel model) {
        ModelManifest manifest = model.manifest();
        request.interval()
                .filter(interval -> !interval.equals(manifest.interval()))
                .ifPresent(interval -> {
                    throw new ForecastException.Unusable(
                            "the frames are %s apart, model %s was trained on frames %s apart"
                                    .formatted(interval, model.name(), manifest.interval()));
                });
        request.sequences().forEach(frames -> check(frames, model));
    }

    private static void check(FrameSequence frames, ServedModel model) {
        int needed = model.manifest().frames().input();
        if (frames.length() < needed) {
            throw new ForecastException.Unusable(
                    "model %s needs %d frames, got %d"
                            .formatted(model.name(), needed, frames.length()));
        }
        checkGrid(frames.grid(), model);
        if (isAllMissing(frames, needed)) {
            throw new ForecastException.Unusable(
                    "every pixel of the last %d frames is missing".formatted(needed));
        }
        checkMissing(frames, needed, model);
    }

    private static void checkGrid(GridShape grid, ServedModel model) {
        ServedGrids limits = model.manifest().gridLimits();
        model.facts()
                .onlyGrid()
                .filter(only -> !only.equals(grid))
                .ifPresent(only -> {
                    throw new ForecastException.Unusable(
                            "model %s has weights for one grid, %s, got %s"
                                    .formatted(model.name(), only, grid));
                });
        if (Math.min(grid.height(), grid.width()) < limits.minimumSide()) {
            throw new ForecastException.Unusable(
                    "model %s needs at least %d pixels a side, got a grid of %s"
                            .formatted(model.name(), limits.minimumSide(), grid));
        }
    }

    private static void checkMissing(FrameSequence frames, int needed, ServedModel model) {
        double limit = model.manifest().missing().largestShare();
        int plane = Math.toIntExact(frames.grid().pixels());
        for (int frame = frames.length() - needed; limit < 1 && frame < frames.length(); frame++) {
            int missing = 0;
            for (int pixel = 0; pixel < plane; pixel++) {
                missing += Float.isNaN(frames.values()[frame * plane + pixel]) ? 1 : 0;
            }
            if (missing > limit * plane) {
                throw new ForecastException.Unusable(
                        "frame %d misses %.1f %% of its pixels; model %s accepts %.1f %%"
                                .formatted(
                                        frame, 100.0 * missing / plane, model.name(), 100 * limit));
            }
        }
    }

    private static boolean isAllMissing(FrameSequence frames, int last) {
        int first = (frames.length() - last) * Math.toIntExact(frames.grid().pixels());
        float[] values = frames.values();
        for (int index = first; index < values.length; index++) {
            if (!Float.isNaN(values[index])) {
                return false;
            }
        }
        return true;
    }

    /**
     * The instant of the last observed frame, from the request or from the times of its frames.
     *
     * @throws ForecastException.Unusable if both are known and differ, or the frames are not spaced
     *     as the model expects
     */
    static Optional<Instant> referenceTime(ForecastRequest request, ServedModel model) {
        List<Instant> times = request.frameTimes();
        if (times.isEmpty()) {
            request.referenceTime().ifPresent(RequestChecks::checkYear);
            return request.referenceTime();
        }
        Instant last = times.getLast();
        checkYear(last);
        request.referenceTime()
                .filter(asked -> !asked.equals(last))
                .ifPresent(asked -> {
                    throw new ForecastException.Unusable(
                            "time is %s, but the last frame's own time is %s"
                                    .formatted(asked, last));
                });
        Duration expected = model.manifest().interval();
        for (int frame = 1; frame < times.size(); frame++) {
            Duration gap = Duration.between(times.get(frame - 1), times.get(frame));
            if (!gap.equals(expected)) {
                throw new ForecastException.Unusable(
                        "frame %d (%s) comes %s after the one before it; model %s was trained on frames %s apart"
                                .formatted(frame, times.get(frame), gap, model.name(), expected));
            }
        }
        return Optional.of(last);
    }

    /** Valid times follow the reference time, and must still be instants that can be told. */
    private static void checkYear(Instant referenceTime) {
        if (referenceTime.isBefore(EARLIEST) || !referenceTime.isBefore(LATEST)) {
            throw new ForecastException.Unusable(
                    "the last frame's time is %s, expected one from %s until before %s"
                            .formatted(referenceTime, EARLIEST, LATEST));
        }
    }
}
