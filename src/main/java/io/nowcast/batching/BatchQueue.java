package io.nowcast.batching;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/*
 * Invariants, all under `lock`:
 *  - `bytes` is the sum of the inputs' bytes in `waiting`; neither it nor the number of them ever exceeds the limits;
 *  - what was accepted is in `waiting`, or was handed to exactly one worker, or was found unwanted and dropped;
 *  - once `closed`, nothing is accepted; workers go on until `waiting` is empty and then get an empty batch.
 * Requesters call `submit`, workers call `nextBatch` and `served`, the lifecycle calls `close`.
 */

/** The bounded queue of one model, between the requests and the workers of its devices. */
public final class BatchQueue {

    private static final Duration SERVICE_TIME_BEFORE_ANY_CALL = Duration.ofMillis(500);
    private static final double WEIGHT_OF_NEWEST = 0.2;

    private final BatchLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrival = lock.newCondition();
    private final ArrayDeque<PendingPrediction> waiting = new ArrayDeque<>();
    private long bytes;
    private int running;
    private double secondsAPrediction = SERVICE_TIME_BEFORE_ANY_CALL.toMillis() / 1e3;
    private boolean closed;

    public BatchQueue(BatchLimits limits) {
        this.limits = limits;
    }

    /**
     * Accepts a prediction.
     *
     * @throws PredictionException.QueueFull if there is no room
     * @throws PredictionException.QueueClosed after {@link #close}
     */
    public void submit(PendingPrediction prediction) {
        lock.lock();
        try {
            if (closed) {
                throw new PredictionException.QueueClosed();
            }
            dropUnwantedWhenFull(prediction);
            if (!hasRoomFor(prediction)) {
                throw new PredictionException.QueueFull(
                        "the queue holds %d predictions of %d and %d input bytes of %d"
                                .formatted(
                                        waiting.size(),
                                        limits.queued(),
                                        bytes,
                                        limits.queuedBytes()),
                        timeToDrain());
            }
            waiting.addLast(prediction);
            bytes += prediction.input().bytes();
            arrival.signal();
        } finally {
            lock.unlock();
        }
    }

    private void dropUnwantedWhenFull(PendingPrediction arriving) {
        if (!hasRoomFor(arriving)) {
            waiting.removeIf(prediction -> !prediction.isStillWanted());
            bytes = waiting.stream().mapToLong(prediction -> prediction.input().bytes()).sum();
        }
    }

    private boolean hasRoomFor(PendingPrediction prediction) {
        return waiting.size() < limits.queued()
                && bytes + prediction.input().bytes() <= limits.queuedBytes();
    }

    /**
     * Waits for work and takes as much of it as may share a model call, oldest first.
     *
     * @return at least one prediction; empty when the queue is closed and everything accepted was
     *     taken
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public List<PendingPrediction> nextBatch() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                List<PendingPrediction> batch = BatchAssembler.take(waiting, limits);
                bytes = waiting.stream().mapToLong(prediction -> prediction.input().bytes()).sum();
                if (!batch.isEmpty() || closed) {
                    running += batch.size();
                    return batch;
                }
                arrival.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells that a batch from {@link #nextBatch} is done, and how long its model call took. */
    public void served(int predictions, Duration inference) {
        lock.lock();
        try {
            running -= predictions;
            double newest = inference.toNanos() / 1e9 / predictions;
            secondsAPrediction += WEIGHT_OF_NEWEST * (newest - secondsAPrediction);
        } finally {
            lock.unlock();
        }
    }

    /** Accepts nothing more; what was accepted is still handed out. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrival.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Fails whatever still waits; for a shutdown that ran out of time. */
    public void discard() {
        lock.lock();
        try {
            waiting.forEach(prediction -> prediction.fail(new PredictionException.QueueClosed()));
            waiting.clear();
            bytes = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Predictions that wait. */
    public int depth() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Predictions in model calls now. */
    public int running() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of input that wait. */
    public long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    private Duration timeToDrain() {
        return Duration.ofMillis(Math.round(1e3 * secondsAPrediction * (waiting.size() + running)));
    }
}
