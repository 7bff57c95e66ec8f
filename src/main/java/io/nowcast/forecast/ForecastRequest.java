package io.nowcast.forecast;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.RainUnit;
import io.nowcast.frames.ZrCoefficients;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A request for a forecast, which was admitted for a model.
 *
 * @param sequences observed frames, oldest first; several sequences of one shape are forecast
 *     independently
 * @param steps lead steps; the model's own number where absent
 * @param unit unit of the answer
 * @param frameTimes the instants of the observed frames, where the body tells them; else empty
 * @param referenceTime instant of the last observed frame
 * @param interval time between the observed frames, checked against the model's
 * @param zr the relation between dBZ and mm/h; the model's own where absent
 * @param resample whether frames at other times are to be interpolated to the model's interval
 */
public record ForecastRequest(
        List<FrameSequence> sequences,
        Optional<Integer> steps,
        RainUnit unit,
        List<Instant> frameTimes,
        Optional<Instant> referenceTime,
        Optional<Duration> interval,
        Optional<ZrCoefficients> zr,
        boolean resample) {

    public ForecastRequest {
        sequences = List.copyOf(sequences);
        frameTimes = List.copyOf(frameTimes);
    }

    /** The same with other frames at other times. */
    ForecastRequest observing(List<FrameSequence> frames, List<Instant> times) {
        return new ForecastRequest(frames, steps, unit, times, referenceTime, interval, zr, false);
    }
}
