package io.nowcast.frames;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * When the frames of a forecast are valid: step k, counted from 1, is valid k intervals after the
 * reference time.
 *
 * @param interval time between two frames, positive
 * @param steps number of lead times, at least 1
 * @param referenceTime instant of the last observed frame, where the client told it
 */
public record LeadTimes(Duration interval, int steps, Optional<Instant> referenceTime) {

    public LeadTimes {
        if (!interval.isPositive() || steps < 1) {
            throw new IllegalArgumentException(
                    "lead times need a positive interval and a step, got "
                            + interval
                            + " and "
                            + steps);
        }
    }

    /** The lead time of each step: one interval, two intervals, ... */
    public List<Duration> leads() {
        return IntStream.rangeClosed(1, steps).mapToObj(interval::multipliedBy).toList();
    }

    /** The instant at which each step is valid; empty where the reference time is not known. */
    public Optional<List<Instant>> validTimes() {
        return referenceTime.map(reference -> leads().stream().map(reference::plus).toList());
    }
}
