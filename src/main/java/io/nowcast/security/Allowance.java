package io.nowcast.security;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/**
 * What one client has left of one kind. It comes back evenly: a bucket of tokens that is full after
 * a period. Safe for many threads.
 */
final class Allowance {

    private final String kind;
    private final long size;
    private final Duration period;
    private final Bucket bucket;

    /**
     * Makes a full one.
     *
     * @param kind {@code requests} or {@code pixels}, as the property below {@code nowcast.quota}
     *     is called
     */
    Allowance(String kind, long size, Duration period, TimeMeter time) {
        this.kind = kind;
        this.size = size;
        this.period = period;
        this.bucket =
                Bucket.builder()
                        .addLimit(limit -> limit.capacity(size).refillGreedy(size, period))
                        .withCustomTimePrecision(time)
                        .build();
    }

    /**
     * Takes an amount.
     *
     * @throws AccessException.BeyondQuota if there is never so much
     * @throws AccessException.QuotaExceeded if there is not so much now; nothing is taken then
     */
    void take(long amount) {
        if (amount > size) {
            throw new AccessException.BeyondQuota(
                    "the request needs %d %s, a client may have %d in %s (nowcast.quota.%s)"
                            .formatted(amount, kind, size, period, kind));
        }
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(amount);
        if (!probe.isConsumed()) {
            throw exceeded(amount, probe.getRemainingTokens(), probe.getNanosToWaitForRefill());
        }
    }

    /**
     * Takes nothing.
     *
     * @throws AccessException.QuotaExceeded if nothing is left
     */
    void requireSome() {
        long wait = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
        if (wait > 0) {
            throw exceeded(1, 0, wait);
        }
    }

    private AccessException exceeded(long amount, long left, long waitNanos) {
        return new AccessException.QuotaExceeded(
                "the request needs %d %s, the client has %d left of %d in %s (nowcast.quota.%s)"
                        .formatted(amount, kind, left, size, period, kind),
                Duration.ofNanos(waitNanos));
    }

    /** An item of {@code RateLimit-Policy}: its size and the seconds of its period. */
    String policy() {
        return "\"%s\";q=%d;w=%d;qu=\"%s\"".formatted(kind, size, period.toSeconds(), kind);
    }

    /** An item of {@code RateLimit}: what is left, and the seconds until all of it is back. */
    String state() {
        long left = Math.max(0, bucket.getAvailableTokens());
        double missing = (double) (size - left) / (double) size;
        return "\"%s\";r=%d;t=%d"
                .formatted(kind, left, (long) Math.ceil(missing * (double) period.toSeconds()));
    }
}
