package io.nowcast.batching;

import java.util.HashMap;
import java.util.Map;

/*
 * `total` is the sum of `held`; it never exceeds `limit`. No entry of `held` is zero. All guarded by this object's monitor.
 */

/**
 * Something bounded that clients share: places in a queue, bytes of memory.
 *
 * <p>A client that holds some already gets more only up to what is then left for the others. So one
 * client takes half at most, two a third each, and whoever holds none finds room: the dynamic
 * threshold of Choudhury and Hahne (1998, IEEE/ACM Transactions on Networking 6(2)), with a factor
 * of one. Thread-safe.
 */
final class FairShare {

    private final long limit;
    private final Map<String, Long> held = new HashMap<>();
    private long total;

    FairShare(long limit) {
        this.limit = limit;
    }

    /** Takes an amount if there is room and the client has not more than its share. */
    synchronized boolean tryTake(String client, long amount) {
        long already = held.getOrDefault(client, 0L);
        long left = limit - total;
        boolean granted = amount <= left && (already == 0 || already + amount <= left);
        if (granted && amount > 0) {
            total += amount;
            held.merge(client, amount, Long::sum);
        }
        return granted;
    }

    /** Gives back what was taken. */
    synchronized void release(String client, long amount) {
        total -= amount;
        held.computeIfPresent(client, (_, before) -> before == amount ? null : before - amount);
    }

    long limit() {
        return limit;
    }

    synchronized long total() {
        return total;
    }
}
