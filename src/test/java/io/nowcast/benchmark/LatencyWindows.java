package io.nowcast.benchmark;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Latencies of answered requests by windows of time, from the intended time on. On a machine whose
 * speed drifts, percentiles of a whole run mix fast times and slow ones; those of a window do not.
 * Thread-safe.
 */
final class LatencyWindows implements Consumer<Exchange> {

    private final long lengthNanos;
    private final Map<Long, Samples> windows = new ConcurrentHashMap<>();

    LatencyWindows(Duration length) {
        this.lengthNanos = length.toNanos();
    }

    @Override
    public void accept(Exchange exchange) {
        if (exchange.outcome() == Outcome.ANSWERED) {
            windows.computeIfAbsent(
                            Math.floorDiv(exchange.intended(), lengthNanos), _ -> new Samples())
                    .add(exchange.millisecondsFromIntended());
        }
    }

    /** p99 / p50 in each window but the first and the last, which may be cut off. */
    Samples ratios() {
        TreeMap<Long, Samples> whole = new TreeMap<>(windows);
        whole.pollFirstEntry();
        whole.pollLastEntry();
        Samples ratios = new Samples();
        whole.values().forEach(window -> ratios.add(window.quantile(0.99) / window.median()));
        return ratios;
    }
}
