package io.nowcast.worker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;

/*
 * Invariants, under `lock`: at most `slots` turns are out; among those that wait, the next turn goes to the share that has used
 * least of the device for its weight; `computing` of the turns that are out have begun a call, `ofSeveral` of them one of several threads. Owned by no thread: workers take
 * and end turns.
 */

/**
 * Whose model call a device computes next, where models share it. Start-time fair queueing over the
 * time that calls took: under load each share gets device time in proportion to its weight, an idle
 * device is anybody's, and time that a share did not use is not saved up.
 */
final class DeviceTurns {

    private final int slots;
    private final IntUnaryOperator threads;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private final List<Waiter> waiters = new ArrayList<>();
    private int free;
    private int computing;
    private int ofSeveral;
    private double present;

    /**
     * Makes turns of which none is taken.
     *
     * @param slots calls at a time
     * @param threads threads of a call, by the number of calls that there are or that are about to
     *     be
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    DeviceTurns(int slots, IntUnaryOperator threads, LongSupplier nanoTime) {
        this.slots = slots;
        this.threads = threads;
        this.free = slots;
        this.nanoTime = nanoTime;
    }

    /** A new share; all copies of a model on the device have one. */
    Share share(double weight) {
        return new Share(weight);
    }

    /** As {@link #take(Share, Runnable)}, where nobody else could do the work meanwhile. */
    Turn take(Share share) throws InterruptedException {
        return take(share, () -> {});
    }

    /**
     * Waits for a turn, which the caller closes.
     *
     * @param onWait is run first where the turn does not come at once
     * @throws InterruptedException if the waiting thread is interrupted
     */
    Turn take(Share share, Runnable onWait) throws InterruptedException {
        Waiter self = new Waiter(share);
        lock.lockInterruptibly();
        try {
            share.used = Math.max(share.used, present);
            waiters.add(self);
            try {
                if (free == 0 || next() != self) {
                    onWait.run();
                }
                while (free == 0 || next() != self) {
                    change.await();
                }
            } finally {
                waiters.remove(self);
                change.signalAll();
            }
            free--;
            present = Math.max(present, share.used);
        } finally {
            lock.unlock();
        }
        return new Turn(share, nanoTime.getAsLong());
    }

    /** Workers that wait for a turn. */
    int waiting() {
        lock.lock();
        try {
            return waiters.size();
        } finally {
            lock.unlock();
        }
    }

    /** Of equals the one that came first. */
    private Waiter next() {
        return waiters.stream().min(Comparator.comparingDouble(w -> w.share.used)).orElseThrow();
    }

    private int begin(Turn turn, int waiting) {
        lock.lock();
        try {
            computing++;
            int kept = free == 0 ? waiters.size() : 0;
            turn.threads = threads.applyAsInt(Math.min(slots, computing + waiting + kept));
            turn.besideSeveral = ofSeveral > 0;
            ofSeveral += turn.threads > 1 ? 1 : 0;
            return turn.threads;
        } finally {
            lock.unlock();
        }
    }

    private void end(Turn turn) {
        long nanos = nanoTime.getAsLong() - turn.startNanos;
        Share share = turn.share;
        lock.lock();
        try {
            free++;
            computing -= turn.threads > 0 ? 1 : 0;
            ofSeveral -= turn.threads > 1 ? 1 : 0;
            share.used += nanos / share.weight;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What one model may claim of the device. */
    static final class Share {
        private final double weight;
        private double used;

        private Share(double weight) {
            this.weight = weight;
        }
    }

    /** One that waits; two of one share are two. */
    private static final class Waiter {
        private final Share share;

        private Waiter(Share share) {
            this.share = share;
        }
    }

    /** The right to make a call, ended by closing it, once. */
    final class Turn implements AutoCloseable {

        private final Share share;
        private final long startNanos;
        private int threads;
        private boolean besideSeveral;

        private Turn(Share share, long startNanos) {
            this.share = share;
            this.startNanos = startNanos;
        }

        /**
         * Begins the call of this turn, once. Turns that find nothing to compute never do: several
         * workers wake up for one request, and all but one of them go back to sleep.
         *
         * @param waiting predictions that wait for other workers
         * @return threads that the call may compute with
         */
        int begin(int waiting) {
            return DeviceTurns.this.begin(this, waiting);
        }

        /** Whether a call of several threads was going on when this one began. */
        boolean isBesideSeveral() {
            return besideSeveral;
        }

        @Override
        public void close() {
            end(this);
        }
    }
}
