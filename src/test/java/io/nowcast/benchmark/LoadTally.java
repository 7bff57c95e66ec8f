package io.nowcast.benchmark;

import io.nowcast.codec.FrameFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What came of the requests of all clients. Thread-safe. */
final class LoadTally {

    private static final int COMPLAINTS_PRINTED = 20;

    private final Samples latencies = new Samples();
    private final Samples differences = new Samples();
    private final Samples pixelDifferences = new Samples();
    private final AtomicLong identical = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicInteger errors = new AtomicInteger();
    private final AtomicInteger mismatches = new AtomicInteger();

    void answered(double milliseconds) {
        latencies.add(milliseconds);
    }

    /** Counts a 503 with a {@code Retry-After}, which is no error. */
    void refused() {
        refused.incrementAndGet();
    }

    void compared(PlannedRequest request, double difference, double tolerance) {
        (request.format() == FrameFormat.PNG_STACK ? pixelDifferences : differences)
                .add(difference);
        if (difference == 0) {
            identical.incrementAndGet();
        }
        // Written so that NaN is a mismatch.
        if (!(difference <= tolerance)) {
            complain(
                    mismatches, request, "differs from the answer computed alone by " + difference);
        }
    }

    void error(PlannedRequest request, String what) {
        complain(errors, request, what);
    }

    private static void complain(AtomicInteger count, PlannedRequest request, String what) {
        if (count.incrementAndGet() <= COMPLAINTS_PRINTED) {
            System.out.println(request + ": " + what);
        }
    }

    boolean isClean() {
        return errors.get() == 0 && mismatches.get() == 0 && latencies.count() > 0;
    }

    void print(double seconds) {
        System.out.printf(
                "%d requests in %.0f s (%.2f a second), %d errors, %d mismatches, %d times 503 with Retry-After%n",
                latencies.count(),
                seconds,
                latencies.count() / seconds,
                errors.get(),
                mismatches.get(),
                refused.get());
        System.out.printf(
                "answers: %d as those computed alone to the last bit, largest difference %.2e of the range (%.2e in PNGs, which round to steps of %.2e)%n",
                identical.get(),
                differences.quantile(1),
                pixelDifferences.quantile(1),
                AnswerComparison.step(FrameFormat.PNG_STACK));
        System.out.printf(
                "latency: p50 %.0f ms, p90 %.0f ms, p99 %.0f ms, longest %.0f ms%n",
                latencies.median(),
                latencies.quantile(0.9),
                latencies.quantile(0.99),
                latencies.quantile(1));
    }
}
