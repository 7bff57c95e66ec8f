package io.nowcast.benchmark;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Counts and times exchanges by their outcome. Thread-safe. */
final class LoadLedger implements Consumer<Exchange> {

    private static final int COMPLAINTS_PRINTED = 10;

    private final Map<Outcome, Histogram> fromIntended = new EnumMap<>(Outcome.class);
    private final Map<Outcome, Histogram> fromSent = new EnumMap<>(Outcome.class);
    private final Histogram sendingDelay = histogram();
    private final Map<Long, Long> retryAfterSeconds = new TreeMap<>();
    private final List<Long> answeredAt = new ArrayList<>();
    private long refusedWithoutRetryAfter;
    private int complaints;

    /** Microseconds, in three significant digits. */
    private static Histogram histogram() {
        return new Histogram(3);
    }

    @Override
    public synchronized void accept(Exchange exchange) {
        Outcome outcome = exchange.outcome();
        record(fromIntended, outcome, exchange.finished() - exchange.intended());
        record(fromSent, outcome, exchange.finished() - exchange.sent());
        sendingDelay.recordValue(Math.max(0, exchange.sent() - exchange.intended()) / 1000);
        switch (outcome) {
            case ANSWERED -> answeredAt.add(exchange.finished());
            case REFUSED ->
                    exchange.reply()
                            .orElseThrow()
                            .retryAfterSeconds()
                            .ifPresentOrElse(
                                    seconds -> retryAfterSeconds.merge(seconds, 1L, Long::sum),
                                    () -> refusedWithoutRetryAfter++);
            case TOO_LATE, NOT_SENT -> {}
            case OTHER ->
                    complain(
                            exchange,
                            "status " + exchange.reply().map(Reply::status).orElseThrow());
            case BROKEN -> complain(exchange, exchange.problem());
        }
    }

    private static void record(Map<Outcome, Histogram> histograms, Outcome outcome, long nanos) {
        histograms
                .computeIfAbsent(outcome, _ -> histogram())
                .recordValue(Math.max(0, nanos) / 1000);
    }

    private void complain(Exchange exchange, String what) {
        if (++complaints <= COMPLAINTS_PRINTED) {
            System.out.println(exchange.request() + ": " + what);
        }
    }

    synchronized long count(Outcome outcome) {
        Histogram histogram = fromSent.get(outcome);
        return histogram == null ? 0 : histogram.getTotalCount();
    }

    synchronized long count() {
        return fromSent.values().stream().mapToLong(Histogram::getTotalCount).sum();
    }

    /** Exchanges that the service owes an explanation for. */
    synchronized long errors() {
        return count(Outcome.OTHER) + count(Outcome.BROKEN) + count(Outcome.NOT_SENT);
    }

    /**
     * Milliseconds from the time when the schedule wanted the request sent; NaN where there are
     * none.
     *
     * @param percent 50 is the median
     */
    synchronized double fromIntended(Outcome outcome, double percent) {
        return percentile(fromIntended.get(outcome), percent);
    }

    /** The same from the time when it was sent. */
    synchronized double fromSent(Outcome outcome, double percent) {
        return percentile(fromSent.get(outcome), percent);
    }

    private static double percentile(@Nullable Histogram histogram, double percent) {
        return histogram == null ? Double.NaN : histogram.getValueAtPercentile(percent) / 1000.0;
    }

    /** How late requests were sent, in milliseconds: the generator's own share of latencies. */
    synchronized double sendingDelay(double percent) {
        return percentile(sendingDelay, percent);
    }

    /** How often a refusal asked to wait for so many seconds. */
    synchronized Map<Long, Long> retryAfterSeconds() {
        return new TreeMap<>(retryAfterSeconds);
    }

    synchronized long refusedWithoutRetryAfter() {
        return refusedWithoutRetryAfter;
    }

    /** Answers with status 200 that ended between two times. */
    synchronized long answeredBetween(long from, long to) {
        return answeredAt.stream().filter(time -> time >= from && time < to).count();
    }

    /** All figures, for people; times in milliseconds from the intended time. */
    void print(String title, double seconds) {
        System.out.printf(
                "%s: %d requests in %.0f s, %.2f answered a second; sent late by p99 %.1f ms%n",
                title, count(), seconds, count(Outcome.ANSWERED) / seconds, sendingDelay(99));
        figures()
                .forEach((outcome, figures) -> {
                    StringBuilder line = new StringBuilder();
                    figures.forEach((figure, value) ->
                            line.append(figure)
                                    .append(' ')
                                    .append(Verdicts.number(value))
                                    .append("  "));
                    System.out.printf("  %-12s %s%n", outcome, line);
                });
        if (count(Outcome.REFUSED) > 0) {
            System.out.printf(
                    "  Retry-After in seconds, and how often: %s, without: %d%n",
                    retryAfterSeconds(), refusedWithoutRetryAfter());
        }
    }

    /** By outcome: how many, and percentiles in milliseconds from the intended time. */
    synchronized Map<String, Map<String, Double>> figures() {
        Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
        fromIntended.forEach((outcome, histogram) -> {
            Map<String, Double> row = new LinkedHashMap<>();
            row.put("count", (double) histogram.getTotalCount());
            for (double percent : new double[] {50, 90, 99, 99.9, 100}) {
                row.put(name(percent), percentile(histogram, percent));
            }
            row.put("p50 from sent", fromSent(outcome, 50));
            row.put("p99 from sent", fromSent(outcome, 99));
            figures.put(outcome.label(), row);
        });
        return figures;
    }

    private static String name(double percent) {
        return percent == 100
                ? "max"
                : "p" + (percent == Math.rint(percent) ? Long.toString((long) percent) : percent);
    }
}
