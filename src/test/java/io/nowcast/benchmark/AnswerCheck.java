package io.nowcast.benchmark;

import io.nowcast.codec.FrameFormat;
import io.nowcast.frames.FrameSequence;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Holds answers against those that were given to the same requests alone. Bodies that are the same
 * are not decoded, so that comparing takes nearly nothing from the service. Thread-safe once the
 * answers given alone are in.
 */
final class AnswerCheck implements Consumer<Exchange> {

    private static final int COMPLAINTS_PRINTED = 20;

    private final double tolerance;
    private final Map<PlannedRequest, byte[]> alone = new HashMap<>();
    private final Samples differences = new Samples();
    private final Samples pixelDifferences = new Samples();
    private final AtomicLong identical = new AtomicLong();
    private final AtomicInteger mismatches = new AtomicInteger();

    /**
     * For answers that may differ a little.
     *
     * @param tolerance share of the output's range; pixels may besides round either way
     */
    AnswerCheck(double tolerance) {
        this.tolerance = tolerance;
    }

    /** Keeps what a request is answered alone. */
    void expect(PlannedRequest request, byte[] answer) {
        alone.put(request, answer);
    }

    /** Compares an answer; refusals and failures are no answers. */
    @Override
    public void accept(Exchange exchange) {
        Optional<Reply> reply =
                exchange.reply().filter(_ -> exchange.outcome() == Outcome.ANSWERED);
        if (reply.isEmpty()) {
            return;
        }
        PlannedRequest request = exchange.request();
        double difference = difference(request, reply.get().body());
        (request.format() == FrameFormat.PNG_STACK ? pixelDifferences : differences)
                .add(difference);
        if (difference == 0) {
            identical.incrementAndGet();
        }
        // Written so that NaN is a mismatch.
        if (!(difference <= tolerance + AnswerComparison.step(request.format()))
                && mismatches.incrementAndGet() <= COMPLAINTS_PRINTED) {
            System.out.println(
                    request + ": differs from the answer computed alone by " + difference);
        }
    }

    private double difference(PlannedRequest request, byte[] answer) {
        byte[] expected = alone.get(request);
        if (expected == null) {
            return Double.NaN;
        }
        if (Arrays.equals(expected, answer)) {
            return 0;
        }
        try {
            FrameSequence one = FrameBodies.decode(expected, request.unit());
            return AnswerComparison.difference(one, FrameBodies.decode(answer, request.unit()));
        } catch (RuntimeException unreadable) {
            System.out.println(request + ": " + unreadable);
            return Double.NaN;
        }
    }

    int mismatches() {
        return mismatches.get();
    }

    /** Answers that were the same to the last bit. */
    long identical() {
        return identical.get();
    }

    long compared() {
        return differences.count() + (long) pixelDifferences.count();
    }

    /** The largest difference of answers in floats, as a share of the output's range. */
    double largest() {
        return differences.quantile(1);
    }

    /** The same of answers in pixels. */
    double largestInPixels() {
        return pixelDifferences.quantile(1);
    }
}
