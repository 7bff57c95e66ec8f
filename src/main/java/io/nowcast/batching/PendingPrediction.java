package io.nowcast.batching;

import io.nowcast.frames.ModelFrames;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A prediction that was accepted and is not made yet. It is completed exactly once: by the worker
 * that ran it, by whoever found its deadline passed or its model without a copy, or by the
 * requester that no longer wants it; later completions have no effect.
 */
public final class PendingPrediction {

    /** How often a waiting requester looks whether its client is still there. */
    private static final Duration GLANCE = Duration.ofMillis(250);

    private final Reservation.Work work;
    private final Reservation reservation;
    private final Deadline deadline;
    private final Duration submittedAfter;
    private final FairOrder.Rank rank;
    private final long sequence;
    private final CompletableFuture<Prediction> outcome = new CompletableFuture<>();

    /** Waiting for it a while makes no exception, as waiting for the outcome itself would. */
    private final CountDownLatch done = new CountDownLatch(1);

    /**
     * Belongs to a request from now on.
     *
     * @param sequence number in the order of acceptance
     */
    PendingPrediction(
            Reservation.Work work, Reservation reservation, FairOrder.Rank rank, long sequence) {
        this.work = work;
        this.reservation = reservation;
        this.deadline = reservation.deadline();
        this.submittedAfter = deadline.elapsed();
        this.rank = rank;
        this.sequence = sequence;
        var _ = outcome.whenComplete((_, _) -> done.countDown());
    }

    public ModelFrames input() {
        return work.input();
    }

    public int steps() {
        return work.steps();
    }

    /** Memory that its model call takes on the device beside the weights, as estimated. */
    public long workingBytes() {
        return work.workingBytes();
    }

    FairOrder.Rank rank() {
        return rank;
    }

    long sequence() {
        return sequence;
    }

    double cost() {
        return work.cost();
    }

    Reservation reservation() {
        return reservation;
    }

    boolean isLate() {
        return deadline.hasPassed();
    }

    /** Time since it was queued. */
    public Duration queuedFor() {
        return deadline.elapsed().minus(submittedAfter);
    }

    /** Whether it was answered, failed or is not wanted any more. */
    public boolean isDone() {
        return outcome.isDone();
    }

    /**
     * Fails this prediction if its deadline has passed or its request has ended; whether it is
     * still worth computing.
     */
    public boolean isStillWanted() {
        if (reservation.isClosed()) {
            outcome.completeExceptionally(new PredictionException.Abandoned());
        } else if (!outcome.isDone() && deadline.hasPassed()) {
            failLate();
        }
        return !outcome.isDone();
    }

    /** Fails this prediction for its deadline. */
    void failLate() {
        outcome.completeExceptionally(new PredictionException.DeadlinePassed(deadline.allowed()));
    }

    double secondsLeft() {
        return deadline.left().toNanos() / 1e9;
    }

    public void complete(Prediction prediction) {
        outcome.complete(prediction);
    }

    public void fail(Throwable cause) {
        outcome.completeExceptionally(
                cause instanceof PredictionException known
                        ? known
                        : new PredictionException.Failed(cause));
    }

    /**
     * Waits for the answer until the deadline. Whoever waits closes the reservation afterwards,
     * which drops what is not done.
     *
     * @param gone whether the client has hung up; asked now and then
     * @throws PredictionException if the prediction failed, its deadline passed or the client is
     *     gone
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public Prediction await(BooleanSupplier gone) throws InterruptedException {
        while (!done.await(patience().toNanos(), TimeUnit.NANOSECONDS)) {
            reservation.requireWanted(gone);
        }
        try {
            return outcome.get();
        } catch (ExecutionException failure) {
            throw cause(failure);
        }
    }

    private Duration patience() {
        Duration left = deadline.left();
        return left.compareTo(GLANCE) < 0 ? left : GLANCE;
    }

    private static PredictionException cause(ExecutionException failure) {
        return Optional.ofNullable(failure.getCause())
                .filter(PredictionException.class::isInstance)
                .map(PredictionException.class::cast)
                .orElseGet(() -> new PredictionException.Failed(failure));
    }
}
