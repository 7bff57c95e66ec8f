package io.nowcast.batching;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/*
 * Under the queue's lock: `idle` are the copies that wait for work or are about to; `claims` is the number of those that were told of work and have
 * neither taken nor left it.
 */

/**
 * The way of the copies on one device to their queue. Of copies that are idle the first takes what
 * comes: a lone request always meets the same one.
 */
public final class Lane {

    private final BatchQueue queue;
    private final SortedSet<Integer> idle = new TreeSet<>();
    private int claims;

    /** Makes a lane that no copy is on yet. */
    public Lane(BatchQueue queue) {
        this.queue = queue;
    }

    /**
     * Waits until there is work that a copy should take now: more waits than the copies before it
     * will take, and either nothing that could share its call is being read, or the window has
     * passed since the oldest came. {@link #take} or {@link #leave} follows where there is.
     *
     * @param copy the copy's number on the device
     * @param retired whether the copy is not to take work any more; asked after {@link
     *     BatchQueue#wake}
     * @return false when the copy is to end: it is retired, or the queue is closed and empty, or
     *     withdrawn and done with
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public boolean awaitWork(int copy, BooleanSupplier retired) throws InterruptedException {
        return queue.awaitWork(this, copy, retired);
    }

    /**
     * Takes what may share a model call, in the queue's order; empty if a copy on another device
     * was faster. {@link BatchQueue#served} follows, or {@link BatchQueue#giveBack}.
     */
    public List<PendingPrediction> take() {
        return queue.take(this);
    }

    /** Leaves the work that was waited for to other copies. */
    public void leave() {
        queue.leave(this);
    }

    /**
     * Tells that a copy is about to answer a call and to wait for work again: who is answered may
     * ask anew before the copy's thread is back, and should meet it.
     */
    public void returns(int copy) {
        queue.returns(this, copy);
    }

    /** Tells that a copy takes no more work. */
    public void ends(int copy) {
        queue.ends(this, copy);
    }

    void enter(int copy) {
        idle.add(copy);
    }

    void exit(int copy) {
        idle.remove(copy);
    }

    /** Copies that will take work before this one. */
    int ahead(int copy) {
        return idle.headSet(copy).size() + claims;
    }

    void claim() {
        claims++;
    }

    void release() {
        claims--;
    }
}
