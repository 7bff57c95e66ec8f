package io.nowcast.forecast;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.RainUnit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Interpolates frames to the times that a model wants: the last frame, and one interval after the
 * other before it. Each pixel linearly in time between the two frames around, missing where one of
 * them is. Rain that moves is blurred by it, which is why a model's manifest must allow it.
 */
final class Resampling {

    /** Over a longer gap, in intervals, rain is gone or elsewhere. */
    private static final int LONGEST_GAP = 2;

    private final List<Instant> times;
    private final Duration interval;

    private Resampling(List<Instant> times, Duration interval) {
        this.times = times;
        this.interval = interval;
    }

    /**
     * The request with the frames that its model reads.
     *
     * @throws ForecastException.Unusable if times are not known, do not reach back far enough, or
     *     have a gap where a frame is needed, or the frames are sums over another interval
     */
    static ForecastRequest resample(ForecastRequest request, Duration interval, int needed) {
        List<Instant> times = request.frameTimes();
        if (times.isEmpty()) {
            throw new ForecastException.Unusable(
                    "interval=resample needs the times of the frames; send files that tell them, or an NPZ with 'times'");
        }
        requireSumsOver(interval, request.sequences().getFirst().unit(), times);
        List<Instant> wanted = new ArrayList<>();
        for (int back = needed - 1; back >= 0; back--) {
            wanted.add(times.getLast().minus(interval.multipliedBy(back)));
        }
        if (wanted.getFirst().isBefore(times.getFirst())) {
            throw new ForecastException.Unusable(
                    "the model reads frames from %s on, the first one is of %s"
                            .formatted(wanted.getFirst(), times.getFirst()));
        }
        Resampling resampling = new Resampling(times, interval);
        return request.observing(
                request.sequences().stream()
                        .map(frames -> resampling.interpolate(frames, wanted))
                        .toList(),
                wanted);
    }

    /**
     * Between two sums over an interval lies a sum over that interval. Depths are per interval
     * between frames, and the first gap is that: later ones may have lost a frame.
     */
    private static void requireSumsOver(Duration interval, RainUnit unit, List<Instant> times) {
        if (unit != RainUnit.MILLIMETRES || times.size() < 2) {
            return;
        }
        Duration period = Duration.between(times.getFirst(), times.get(1));
        if (!period.equals(interval)) {
            throw new ForecastException.Unusable(
                    "interval=resample: the frames are sums in mm over %s, the model's interval is %s; send rates (mm/h), reflectivity or sums over that"
                            .formatted(period, interval));
        }
    }

    private FrameSequence interpolate(FrameSequence frames, List<Instant> wanted) {
        int plane = Math.toIntExact(frames.grid().pixels());
        float[] values = new float[Math.multiplyExact(plane, wanted.size())];
        for (int index = 0; index < wanted.size(); index++) {
            int after = firstNotBefore(wanted.get(index));
            if (times.get(after).equals(wanted.get(index))) {
                System.arraycopy(frames.values(), after * plane, values, index * plane, plane);
            } else {
                float share = share(after, wanted.get(index));
                for (int pixel = 0; pixel < plane; pixel++) {
                    float earlier = frames.values()[(after - 1) * plane + pixel];
                    float later = frames.values()[after * plane + pixel];
                    values[index * plane + pixel] = earlier + share * (later - earlier);
                }
            }
        }
        return new FrameSequence(wanted.size(), frames.grid(), frames.unit(), values);
    }

    private int firstNotBefore(Instant wanted) {
        int index = 0;
        while (times.get(index).isBefore(wanted)) {
            index++;
        }
        return index;
    }

    private float share(int after, Instant wanted) {
        Duration gap = Duration.between(times.get(after - 1), times.get(after));
        if (gap.compareTo(interval.multipliedBy(LONGEST_GAP)) > 0) {
            throw new ForecastException.Unusable(
                    "frame %d (%s) comes %s after the one before it; over more than %d intervals of %s nothing is interpolated"
                            .formatted(after, times.get(after), gap, LONGEST_GAP, interval));
        }
        return Duration.between(times.get(after - 1), wanted).toMillis() / (float) gap.toMillis();
    }
}
