package io.nowcast.batching;

import java.time.Duration;

/**
 * What a model call takes for its cost: the quotient of two sums that forget with every call, so
 * that small calls, whose fixed part weighs more, do not count more than large ones. Not
 * thread-safe.
 */
final class ServiceTime {

    private static final double REMEMBERED = 0.8;
    private static final double SECONDS_BEFORE_ANY_CALL = 0.5;

    private double seconds;
    private double cost;
    private double calls;

    /** A call of this cost took this long. */
    void took(Duration duration, double callCost, int predictions) {
        seconds = REMEMBERED * seconds + duration.toNanos() / 1e9;
        cost = REMEMBERED * cost + callCost;
        calls = REMEMBERED * calls + predictions;
    }

    /** Seconds that work of this cost is expected to take. */
    double seconds(double workCost) {
        return cost == 0 ? 0 : workCost * seconds / cost;
    }

    /** Seconds that a prediction of unknown cost is expected to take. */
    double secondsAPrediction() {
        return calls == 0 ? SECONDS_BEFORE_ANY_CALL : seconds / calls;
    }

    boolean isKnown() {
        return cost > 0;
    }
}
