package io.nowcast.benchmark;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * When the requests of an open loop are due, in nanoseconds after its start. A schedule knows
 * nothing of the answers, which is the point of an open loop. For one thread.
 */
final class Arrivals {

    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Random random;
    private final double meanGap;
    private final boolean regular;
    private double next;

    private Arrivals(double ratePerSecond, boolean regular, long seed) {
        if (!(ratePerSecond > 0)) {
            throw new IllegalArgumentException(
                    "expected a rate above 0 a second, got " + ratePerSecond);
        }
        this.meanGap = SECOND / ratePerSecond;
        this.regular = regular;
        this.random = new Random(seed);
    }

    /** One request every {@code 1 / ratePerSecond} seconds, the first at the start. */
    static Arrivals constant(double ratePerSecond) {
        return new Arrivals(ratePerSecond, true, 0);
    }

    /** Clients that do not know of each other: gaps are exponentially distributed. */
    static Arrivals poisson(double ratePerSecond, long seed) {
        return new Arrivals(ratePerSecond, false, seed);
    }

    /** Either of them, by name. */
    static Arrivals of(String kind, double ratePerSecond) {
        return switch (kind) {
            case "constant" -> constant(ratePerSecond);
            case "poisson" -> poisson(ratePerSecond, 1);
            default ->
                    throw new IllegalArgumentException(
                            "expected arrivals constant or poisson, got '%s'".formatted(kind));
        };
    }

    /** When the next request is due. */
    long next() {
        if (regular) {
            double due = next;
            next += meanGap;
            return Math.round(due);
        }
        next -= meanGap * Math.log(1 - random.nextDouble());
        return Math.round(next);
    }
}
