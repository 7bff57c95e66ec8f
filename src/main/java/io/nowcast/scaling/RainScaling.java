package io.nowcast.scaling;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.frames.RainUnit;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Takes rain in any unit to a model's number range and back. Missing pixels and the padding up to
 * the model's grid are filled as the manifest declares; the answer is missing where the last
 * observed frame is, or where the rain's mean motion takes that. Immutable.
 *
 * <p>Works in place on one row after the other, in several passes: each is a plain loop that does
 * one thing, and a row stays in the cache. The frames of a large sequence are worked on side by
 * side: beside a GPU that forecasts in less time, one processor would be what the client waits for.
 */
public final class RainScaling {

    /**
     * Interpolated fields undershoot zero a little; a rain rate below this, in mm/h, is an
     * undeclared fill value.
     */
    private static final float NEGATIVE_RAIN_TOLERATED = -0.1f;

    /** Pixels from which on the frames of a sequence are shared out among the processors. */
    private static final long WORTH_SHARING = 1L << 18;

    private final ModelScale scale;
    private final ZrRelation relation;
    private final MissingData missing;
    private final Duration interval;

    /**
     * Makes a scaling.
     *
     * @param relation between dBZ and mm/h
     * @param interval between frames, in which depths of rain fall
     */
    public RainScaling(
            ModelScale scale, ZrRelation relation, MissingData missing, Duration interval) {
        this.scale = scale;
        this.relation = relation;
        this.missing = missing;
        this.interval = interval;
    }

    /** The number range as a formula, with what it clips. */
    public String description() {
        return scale.description() + "; " + relation;
    }

    /** The same with another relation between dBZ and mm/h. */
    public RainScaling with(ZrRelation other) {
        return new RainScaling(scale, other, missing, interval);
    }

    /**
     * The last {@code length} frames as the model sees them.
     *
     * @param frames at least {@code length} frames
     * @param padded a grid that contains the frames' grid; the frames lie in its north-western
     *     corner
     * @return {@code [length, C, H, W]} on the padded grid
     * @throws UnusableValuesException if a value is infinite or a negative rain rate
     */
    public ModelFrames normalise(FrameSequence frames, int length, GridShape padded) {
        GridShape grid = frames.grid();
        int plane = Math.toIntExact(padded.pixels());
        int channels = missing.channels();
        float[] values = new float[Math.multiplyExact(length * channels, plane)];
        int first = frames.length() - length;
        forEach(
                length,
                grid,
                index ->
                        normalise(frames, first + index, padded, values, index * channels * plane));
        return new ModelFrames(length, channels, padded, values);
    }

    private void normalise(
            FrameSequence frames, int frame, GridShape padded, float[] values, int rain) {
        GridShape grid = frames.grid();
        int plane = Math.toIntExact(padded.pixels());
        Arrays.fill(values, rain, rain + plane, Float.NaN);
        for (int row = 0; row < grid.height(); row++) {
            requireUsable(frames, frame, row);
            int start = rain + row * padded.width();
            int read = (frame * grid.height() + row) * grid.width();
            System.arraycopy(frames.values(), read, values, start, grid.width());
            toModel(values, start, start + grid.width(), frames.unit());
            if (missing.maskChannel()) {
                mask(values, start, start + grid.width(), plane);
            }
        }
        fillMissing(values, rain, padded);
    }

    private static void forEach(int frames, GridShape grid, IntConsumer work) {
        IntStream indices = IntStream.range(0, frames);
        boolean shared = frames * grid.pixels() >= WORTH_SHARING;
        (shared ? indices.parallel() : indices).forEach(work);
    }

    private static void requireUsable(FrameSequence frames, int frame, int row) {
        float lowest =
                frames.unit() == RainUnit.MILLIMETRES_PER_HOUR
                                || frames.unit() == RainUnit.MILLIMETRES
                        ? NEGATIVE_RAIN_TOLERATED
                        : -Float.MAX_VALUE;
        float[] values = frames.values();
        int width = frames.grid().width();
        int start = (frame * frames.grid().height() + row) * width;
        for (int index = start; index < start + width; index++) {
            // Written so that NaN, which is missing data, passes.
            if (values[index] < lowest || values[index] > Float.MAX_VALUE) {
                throw unusable(values[index], frames.unit(), frame, row, index - start);
            }
        }
    }

    private static UnusableValuesException unusable(
            float value, RainUnit unit, int frame, int row, int column) {
        return new UnusableValuesException(
                "frame %d, row %d, column %d is %s %s, which is no rain; if it means 'missing', say so with fill_value or send NaN"
                        .formatted(frame, row, column, value, unit));
    }

    private void toModel(float[] values, int start, int end, RainUnit unit) {
        if (unit == RainUnit.MODEL) {
            return;
        }
        convert(values, start, end, unit, scale.unit());
        for (int index = start; index < end; index++) {
            values[index] = scale.toModel(values[index]);
        }
    }

    private static void mask(float[] values, int start, int end, int toMask) {
        for (int index = start; index < end; index++) {
            values[index + toMask] = Float.isNaN(values[index]) ? 0 : 1;
        }
    }

    /** Missing pixels and padding alike. */
    private void fillMissing(float[] values, int start, GridShape padded) {
        int end = start + Math.toIntExact(padded.pixels());
        switch (missing.filling()) {
            case NUMBER -> fill(values, start, end, missing.fill());
            case MEAN -> fill(values, start, end, mean(values, start, end, missing.fill()));
            case NEAREST ->
                    NearestObserved.fill(
                            values, start, padded.width(), padded.height(), missing.fill());
        }
    }

    private static float mean(float[] values, int start, int end, float otherwise) {
        double sum = 0;
        int observed = 0;
        for (int index = start; index < end; index++) {
            if (!Float.isNaN(values[index])) {
                sum += values[index];
                observed++;
            }
        }
        return observed == 0 ? otherwise : (float) (sum / observed);
    }

    private static void fill(float[] values, int start, int end, float fill) {
        for (int index = start; index < end; index++) {
            values[index] = Float.isNaN(values[index]) ? fill : values[index];
        }
    }

    /**
     * The forecast as rain.
     *
     * @param forecast {@code [S', 1, H, W]} of model numbers on the padded grid, S' at least {@code
     *     steps}
     * @param steps lead steps S of the answer
     * @param observed the frames that the forecast started from: they give the grid and the
     *     coverage
     * @return {@code [S, H, W]} in {@code unit}
     */
    public FrameSequence denormalise(
            ModelFrames forecast, int steps, FrameSequence observed, RainUnit unit) {
        GridShape grid = observed.grid();
        float[] values = new float[Math.toIntExact(Math.multiplyExact(steps, grid.pixels()))];
        ObservedCoverage coverage = coverage(observed);
        forEach(steps, grid, step -> denormalise(forecast, step, coverage, grid, values, unit));
        return new FrameSequence(steps, grid, unit, values);
    }

    private void denormalise(
            ModelFrames forecast,
            int step,
            ObservedCoverage coverage,
            GridShape grid,
            float[] values,
            RainUnit unit) {
        int width = grid.width();
        for (int row = 0; row < grid.height(); row++) {
            int start = (step * grid.height() + row) * width;
            int read = (step * forecast.grid().height() + row) * forecast.grid().width();
            System.arraycopy(forecast.values(), read, values, start, width);
            toUnit(values, start, start + width, unit);
            coverage.apply(values, start, step + 1, row);
        }
    }

    private void toUnit(float[] values, int start, int end, RainUnit unit) {
        if (unit == RainUnit.MODEL) {
            return;
        }
        for (int index = start; index < end; index++) {
            values[index] = scale.toPhysical(values[index]);
        }
        convert(values, start, end, scale.unit(), unit);
    }

    private ObservedCoverage coverage(FrameSequence observed) {
        if (missing.coverage() == MissingData.Coverage.KEPT || observed.length() < 2) {
            return new ObservedCoverage(observed, MeanMotion.NONE);
        }
        EchoField earlier = echo(observed, observed.length() - 2);
        EchoField later = echo(observed, observed.length() - 1);
        return new ObservedCoverage(observed, MeanMotion.between(earlier, later));
    }

    /** In model numbers: mostly logarithmic and clipped, so that no outlier rules a correlation. */
    private EchoField echo(FrameSequence observed, int frame) {
        int plane = Math.toIntExact(observed.grid().pixels());
        float[] values = Arrays.copyOfRange(observed.values(), frame * plane, (frame + 1) * plane);
        toModel(values, 0, plane, observed.unit());
        return new EchoField(observed.grid(), values);
    }

    private void convert(float[] values, int start, int end, RainUnit from, RainUnit to) {
        if (from == to) {
            return;
        }
        float perHour = Duration.ofHours(1).toMillis() / (float) interval.toMillis();
        switch (from) {
            case MILLIMETRES_PER_HOUR -> {}
            case MILLIMETRES -> multiply(values, start, end, perHour);
            case DBZ -> {
                for (int index = start; index < end; index++) {
                    values[index] = relation.rainRate(values[index]);
                }
            }
            case MODEL, NONE -> throw new IllegalArgumentException("no unit of rain: " + from);
        }
        switch (to) {
            case MILLIMETRES_PER_HOUR -> {}
            case MILLIMETRES -> multiply(values, start, end, 1 / perHour);
            case DBZ -> {
                for (int index = start; index < end; index++) {
                    values[index] = relation.reflectivity(values[index]);
                }
            }
            case MODEL, NONE -> throw new IllegalArgumentException("no unit of rain: " + to);
        }
    }

    private static void multiply(float[] values, int start, int end, float factor) {
        for (int index = start; index < end; index++) {
            values[index] *= factor;
        }
    }
}
