package io.nowcast.benchmark;

import java.util.concurrent.TimeUnit;

/**
 * A part of a load under one rate.
 *
 * @param ledger what came of its requests, also of those that ended after it
 * @param start by {@link LoadClock#nanos()}
 * @param end when the last request was due or, in a closed loop, answered
 * @param serviceCores processor seconds a second of the service; NaN where not known
 * @param generatorCores the same of this process
 */
record Phase(
        String name,
        LoadLedger ledger,
        long start,
        long end,
        double serviceCores,
        double generatorCores) {

    double seconds() {
        return (end - start) / 1e9;
    }

    /**
     * Answers a second, but for what ended in the first seconds: a queue that is filling gives
     * fewer.
     */
    double answeredPerSecond(long settling) {
        long from = start + Math.min(TimeUnit.SECONDS.toNanos(settling), (end - start) / 4);
        return ledger.answeredBetween(from, end) / ((end - from) / 1e9);
    }

    void print() {
        ledger.print(name, seconds());
        System.out.printf(
                "  processor: service %.2f cores, generator %.2f cores%n",
                serviceCores, generatorCores);
    }
}
