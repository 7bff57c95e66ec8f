package io.nowcast.batching;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalDouble;
import java.util.TreeSet;

/**
 * What a queue's workers have before them: what waits, in its order, what runs, what is being read,
 * and how long all that takes as far as recent calls tell. Not thread-safe: its queue's lock guards
 * it.
 */
final class Backlog {

    private static final Comparator<PendingPrediction> ORDER =
            Comparator.<PendingPrediction>comparingDouble(pending -> pending.rank().key())
                    .thenComparingLong(PendingPrediction::sequence);

    private final NavigableSet<PendingPrediction> waiting = new TreeSet<>(ORDER);
    private final ServiceTime serviceTime = new ServiceTime();
    private int announced;
    private double waitingCost;
    private int running;
    private double runningCost;

    /** A request was let in and is being read. */
    void announce() {
        announced++;
    }

    /** A request was read, or has ended before it was. */
    void arrived() {
        announced--;
    }

    /** Whether something may still come that was let in. */
    boolean isAnnounced() {
        return announced > 0;
    }

    void enter(PendingPrediction prediction) {
        waiting.add(prediction);
        waitingCost += prediction.cost();
    }

    /** What waits, in order; whoever removes from it says {@link #left}. */
    NavigableSet<PendingPrediction> waiting() {
        return waiting;
    }

    /** A prediction was removed from {@link #waiting()}. */
    void left(PendingPrediction prediction) {
        // From zero again each time, lest rounding adds up.
        waitingCost = waiting.isEmpty() ? 0 : waitingCost - prediction.cost();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    List<PendingPrediction> of(Reservation reservation) {
        return waiting.stream().filter(pending -> pending.reservation() == reservation).toList();
    }

    /** The earliest start of anything that waits, in fair time. */
    OptionalDouble earliestStart() {
        return waiting.stream().mapToDouble(pending -> pending.rank().start()).min();
    }

    Duration longestWait() {
        return waiting.stream()
                .map(PendingPrediction::queuedFor)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    long bytes() {
        return waiting.stream().mapToLong(prediction -> prediction.input().bytes()).sum();
    }

    /**
     * What would be computed in vain, since its deadline comes before its call would end. The one
     * with the most time left is not among them where nothing else waits: estimates that are too
     * high must find out.
     */
    List<PendingPrediction> hopeless() {
        return waiting.stream()
                .filter(pending -> serviceTime.seconds(pending.cost()) > pending.secondsLeft())
                .sorted(Comparator.comparingDouble(PendingPrediction::secondsLeft))
                .limit(Math.max(0, waiting.size() - 1L))
                .toList();
    }

    /** A batch that has left {@link #waiting()} is computed from now on. */
    void started(List<PendingPrediction> batch) {
        running += batch.size();
        runningCost += cost(batch);
    }

    void stopped(List<PendingPrediction> batch) {
        running -= batch.size();
        runningCost = running == 0 ? 0 : runningCost - cost(batch);
    }

    /** A batch took so long; from it comes what is expected of others. */
    void took(Duration occupied, List<PendingPrediction> batch) {
        serviceTime.took(occupied, cost(batch), batch.size());
    }

    void took(Duration occupied, Reservation.Work work) {
        serviceTime.took(occupied, work.cost(), 1);
    }

    private static double cost(List<PendingPrediction> batch) {
        return batch.stream().mapToDouble(PendingPrediction::cost).sum();
    }

    /** Predictions in model calls now. */
    int running() {
        return running;
    }

    boolean isIdle() {
        return waiting.isEmpty() && running == 0 && announced == 0;
    }

    /** Seconds that a prediction whose size is not known takes. */
    double secondsAPrediction() {
        return serviceTime.secondsAPrediction();
    }

    double seconds(Reservation.Work work) {
        return serviceTime.isKnown()
                ? serviceTime.seconds(work.cost())
                : serviceTime.secondsAPrediction();
    }

    /** Until all that is here was computed by so many copies. */
    Duration expectedWait(int copies) {
        double seconds =
                serviceTime.isKnown()
                        ? serviceTime.seconds(waitingCost + runningCost)
                        : serviceTime.secondsAPrediction() * (waiting.size() + running);
        double unread = serviceTime.secondsAPrediction() * announced;
        return Duration.ofNanos(Math.round((seconds + unread) / Math.max(1, copies) * 1e9));
    }
}
