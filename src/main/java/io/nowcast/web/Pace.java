package io.nowcast.web;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.springframework.util.unit.DataSize;

/**
 * How fast bytes come from a client, or are taken by it, and whether that is fast enough. What
 * counts is the time that the service waits for the client. Belongs to the thread of the request.
 */
final class Pace {

    private final DataSize leastRate;
    private final Duration grace;
    private final LongSupplier nanoClock;
    private long began;
    private long waitedNanos;
    private long bytes;

    /**
     * Begins with nothing.
     *
     * @param leastRate bytes a second, on average so far
     * @param grace waiting time before which the rate does not count
     */
    Pace(DataSize leastRate, Duration grace, LongSupplier nanoClock) {
        this.leastRate = leastRate;
        this.grace = grace;
        this.nanoClock = nanoClock;
    }

    void waitBegins() {
        began = nanoClock.getAsLong();
    }

    /** The wait that began last is over. */
    void waitEnds(int moved) {
        waitedNanos += nanoClock.getAsLong() - began;
        bytes += moved;
    }

    long bytes() {
        return bytes;
    }

    boolean isTooSlow() {
        return waitedNanos > grace.toNanos()
                && (double) bytes < seconds() * (double) leastRate.toBytes();
    }

    /**
     * In words.
     *
     * @param what was done to the bytes, such as "of the body came"
     * @param limit of which the properties are, {@code upload} or {@code download}
     */
    String told(String what, String limit) {
        return "%d bytes %s in %.1f s; expected at least %d bytes a second (nowcast.limits.%s-rate) after %.1f s (nowcast.limits.%s-grace)"
                .formatted(
                        bytes,
                        what,
                        seconds(),
                        leastRate.toBytes(),
                        limit,
                        (double) grace.toMillis() / 1e3,
                        limit);
    }

    private double seconds() {
        return (double) waitedNanos / 1e9;
    }
}
