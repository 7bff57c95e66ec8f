package io.nowcast.batching;

import io.nowcast.frames.ModelFrames;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A prediction that was asked for and is not made yet. It is completed exactly once: by the worker
 * that ran it, by the worker that found its deadline passed, or by the requester that no longer
 * wants it; later completions have no effect.
 */
public final class PendingPrediction {

    private final ModelFrames input;
    private final int steps;
    private final Duration timeout;
    private final long acceptedNanos;
    private final CompletableFuture<Prediction> outcome = new CompletableFuture<>();

    /**
     * Starts the clock of the deadline.
     *
     * @param input {@code [T, C, H, W]}
     * @param steps lead steps asked for
     * @param timeout after which the answer is worthless
     */
    public PendingPrediction(ModelFrames input, int steps, Duration timeout) {
        this.input = input;
        this.steps = steps;
        this.timeout = timeout;
        this.acceptedNanos = System.nanoTime();
    }

    public ModelFrames input() {
        return input;
    }

    public int steps() {
        return steps;
    }

    /** Time since acceptance. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - acceptedNanos);
    }

    /** Whether nobody waits for the answer any more. */
    public boolean isAbandoned() {
        return outcome.isDone();
    }

    /** Fails this prediction if its deadline has passed; whether it is still worth computing. */
    public boolean isStillWanted() {
        if (!outcome.isDone() && age().compareTo(timeout) >= 0) {
            outcome.completeExceptionally(new PredictionException.DeadlinePassed(timeout));
        }
        return !outcome.isDone();
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

    /** Drops the prediction: a worker will not start it. */
    public void abandon() {
        outcome.cancel(false);
    }

    /**
     * Waits for the answer until the deadline, then abandons the prediction.
     *
     * @throws PredictionException if the prediction failed or its deadline passed
     * @throws InterruptedException if the waiting thread is interrupted; the prediction is
     *     abandoned
     */
    public Prediction await() throws InterruptedException {
        try {
            return outcome.get(timeout.minus(age()).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            abandon();
            throw new PredictionException.DeadlinePassed(timeout);
        } catch (InterruptedException interruption) {
            abandon();
            throw interruption;
        } catch (ExecutionException failure) {
            throw cause(failure);
        }
    }

    private static PredictionException cause(ExecutionException failure) {
        return Optional.ofNullable(failure.getCause())
                .filter(PredictionException.class::isInstance)
                .map(PredictionException.class::cast)
                .orElseGet(() -> new PredictionException.Failed(failure));
    }
}
