package io.nowcast.batching;

import io.nowcast.frames.ModelFrames;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/*
 * `requester` never changes. `hasPlace` and `waiting` are guarded by the queue's lock. Everything else belongs to the thread of
 * the request.
 */

/**
 * A request's place in a model's queue and its share of memory, from before its body is read until
 * its answer is written. Whoever reserved it closes it.
 */
public final class Reservation implements AutoCloseable {

    private final BatchQueue queue;
    private final Requester requester;
    private Deadline deadline;
    private boolean hasPlace = true;
    private int waiting;
    private long bytes;
    private boolean submitted;
    private volatile boolean closed;

    Reservation(BatchQueue queue, Requester requester, long bytes, Deadline deadline) {
        this.queue = queue;
        this.requester = requester;
        this.bytes = bytes;
        this.deadline = deadline;
    }

    Requester requester() {
        return requester;
    }

    Deadline deadline() {
        return deadline;
    }

    /** Brings the deadline forward, of what is submitted from now on. */
    public void shorten(Duration timeout) {
        deadline = deadline.shortened(timeout);
    }

    /**
     * Asks whether an answer is still wanted.
     *
     * @param gone whether the client has hung up
     * @throws PredictionException.DeadlinePassed if it would be too late
     * @throws PredictionException.Abandoned if the client is gone
     */
    public void requireWanted(BooleanSupplier gone) {
        if (deadline.hasPassed()) {
            throw new PredictionException.DeadlinePassed(deadline.allowed());
        }
        if (gone.getAsBoolean()) {
            throw new PredictionException.Abandoned();
        }
    }

    /** Under the queue's lock: whether the place was still held; it no longer is. */
    boolean takePlace() {
        boolean held = hasPlace;
        hasPlace = false;
        return held;
    }

    /** Whether the request has ended, and nobody wants its predictions any more. */
    boolean isClosed() {
        return closed;
    }

    /** Under the queue's lock: one of its predictions waits. */
    void entered() {
        waiting++;
    }

    /** Under the queue's lock: one of them waits no more; whether it was the last. */
    boolean leftWithNoneWaiting() {
        waiting--;
        return waiting == 0;
    }

    /**
     * Changes the memory that the request holds, before it is allocated or after it is free.
     *
     * @throws PredictionException.Refused if there is no room for more now
     * @throws PredictionException.TooLarge if there will never be room
     */
    public void hold(long newBytes) {
        if (newBytes > bytes) {
            queue.takeMemory(requester, bytes, newBytes - bytes);
        } else {
            queue.releaseMemory(requester, bytes - newBytes);
        }
        bytes = newBytes;
    }

    /**
     * Queues the request's predictions, all or none; once.
     *
     * @throws PredictionException.NoCopy if no copy of the model serves any more
     * @throws PredictionException.QueueClosed after the queue was closed
     */
    public List<PendingPrediction> submit(List<Work> works) {
        if (submitted || closed) {
            throw new IllegalStateException("a reservation is submitted once");
        }
        List<PendingPrediction> predictions = queue.submit(this, works);
        submitted = true;
        return predictions;
    }

    /** Ends the request: drops what of it still waits, and frees its place and memory. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            queue.leave(this, submitted);
            hold(0);
        }
    }

    /**
     * A prediction to be made.
     *
     * @param input {@code [T, C, H, W]}
     * @param steps lead steps asked for
     * @param workingBytes memory that its model call takes on the device beside the weights
     */
    public record Work(ModelFrames input, int steps, long workingBytes) {

        /** Pixels of frames in and out: what model calls take is about in proportion to it. */
        double cost() {
            return (double) input.grid().pixels() * (input.length() + steps);
        }
    }
}
