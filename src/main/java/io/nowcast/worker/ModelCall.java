package io.nowcast.worker;

import io.nowcast.batching.PendingPrediction;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/*
 * `startNanos` is written by the worker's thread alone. That thread ends a call, the watchdog may give it up before: whichever comes first decides, by compare-and-set.
 */

/** A model call in progress, with the calls that are made anew for parts of a batch that failed. */
final class ModelCall {

    private enum State {
        RUNNING,
        GIVEN_UP,
        ENDED
    }

    private final List<PendingPrediction> batch;
    private final LongSupplier nanoTime;
    private volatile long startNanos;
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);

    ModelCall(List<PendingPrediction> batch, LongSupplier nanoTime) {
        this.batch = batch;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
    }

    List<PendingPrediction> batch() {
        return batch;
    }

    /** The model is called now: what took until here is no part of how long that takes. */
    void begin() {
        startNanos = nanoTime.getAsLong();
    }

    /** Time since the model was called last. */
    Duration elapsed() {
        return Duration.ofNanos(nanoTime.getAsLong() - startNanos);
    }

    /** Whether this ended a call that nobody has given up. */
    boolean end() {
        return state.compareAndSet(State.RUNNING, State.ENDED);
    }

    /** Whether this gave up a call that has not ended. */
    boolean giveUp() {
        return state.compareAndSet(State.RUNNING, State.GIVEN_UP);
    }

    boolean isGivenUp() {
        return state.get() == State.GIVEN_UP;
    }
}
