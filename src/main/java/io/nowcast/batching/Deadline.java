package io.nowcast.batching;

import java.time.Duration;
import java.util.function.LongSupplier;

/** When an answer becomes worthless. Immutable. */
final class Deadline {

    private final LongSupplier nanoTime;
    private final long startNanos;
    private final Duration allowed;

    /**
     * Starts now.
     *
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    Deadline(LongSupplier nanoTime, Duration allowed) {
        this(nanoTime, nanoTime.getAsLong(), allowed);
    }

    private Deadline(LongSupplier nanoTime, long startNanos, Duration allowed) {
        this.nanoTime = nanoTime;
        this.startNanos = startNanos;
        this.allowed = allowed;
    }

    /** The same, or one that comes {@code timeout} after the same start if that is earlier. */
    Deadline shortened(Duration timeout) {
        return timeout.compareTo(allowed) < 0 ? new Deadline(nanoTime, startNanos, timeout) : this;
    }

    Duration allowed() {
        return allowed;
    }

    Duration elapsed() {
        return Duration.ofNanos(nanoTime.getAsLong() - startNanos);
    }

    /** What is left of it, at least zero. */
    Duration left() {
        Duration left = allowed.minus(elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    boolean hasPassed() {
        return elapsed().compareTo(allowed) >= 0;
    }
}
