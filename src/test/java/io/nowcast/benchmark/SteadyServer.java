package io.nowcast.benchmark;

import java.time.Duration;

/** A queue as theory has it: one request after another, each in the same time. */
final class SteadyServer {

    private SteadyServer() {}

    /** What p99 / p50 it would have had with these arrivals. */
    static double ratio(Arrivals arrivals, Duration length, double secondsEach) {
        Samples waits = new Samples();
        double free = 0;
        for (long due = arrivals.next(); due < length.toNanos(); due = arrivals.next()) {
            free = Math.max(free, due / 1e9) + secondsEach;
            waits.add(free - due / 1e9);
        }
        return waits.quantile(0.99) / waits.median();
    }
}
