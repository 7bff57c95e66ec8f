package io.nowcast.batching;

import io.nowcast.batching.PredictionListener.Drop;
import io.nowcast.batching.PredictionListener.Failure;
import io.nowcast.batching.PredictionListener.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/*
 * Invariants, all under `lock`:
 *  - a request has a place in `places` from its reservation until none of its predictions waits in `backlog`, or until it
 *    is closed; the number of them never exceeds the limit;
 *  - announced in `backlog` are the reservations that were neither submitted nor closed;
 *  - a prediction that was accepted waits in `backlog`, or is with exactly one worker, or done;
 *  - `idle` are the workers in `awaitWork`, in the order in which they came;
 *  - while no copy serves, nothing waits and nothing is accepted;
 *  - once `closed`, nothing is accepted; workers go on until nothing waits and then are told to end;
 *  - once `withdrawn`, nothing new is let in; what was is accepted, and workers go on until it was answered, or until
 *    `lastDeadline`, by which it was answered or is late.
 * Requesters call `reserve` and, through their reservation, `submit` and `leave`; workers `awaitWork`, `take`, `giveBack`, `served`,
 * `copyServes` and `copyStopped`; the lifecycle `withdraw`, `close` and `discard`.
 */

/** The bounded queue of one model, between the requests and the workers of its devices. */
public final class BatchQueue {

    /** By how much longer than expected a request may have to wait and still be in time. */
    private static final double MARGIN = 2;

    private final String model;
    private final QueueLimits limits;
    private final MemoryBudget memory;
    private final PredictionListener listener;
    private final LongSupplier nanoTime;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private final Backlog backlog = new Backlog();
    private final FairShare places;
    private final FairOrder order;
    private final List<Object> idle = new ArrayList<>();
    private long sequence;
    private int copies;
    private String lastStop = "no copy of the model is loaded yet";
    private boolean closed;
    private boolean withdrawn;
    private long lastDeadline;

    /**
     * Makes an empty queue that no copy serves yet.
     *
     * @param memory what all models' requests may hold together
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    public BatchQueue(
            String model,
            QueueLimits limits,
            MemoryBudget memory,
            PredictionListener listener,
            LongSupplier nanoTime) {
        this.model = model;
        this.limits = limits;
        this.memory = memory;
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.lastDeadline = nanoTime.getAsLong();
        this.places = new FairShare(limits.requests());
        this.order = new FairOrder(limits.ageing().toNanos() / 1e9);
    }

    /**
     * Reserves a place and memory for a request whose body is not read yet.
     *
     * @param bytes memory that reading it will take at first
     * @throws PredictionException.Refused if there is no room, or no hope of an answer in time
     * @throws PredictionException.TooLarge if there will never be room
     * @throws PredictionException.NoCopy if no copy of the model serves
     * @throws PredictionException.QueueClosed after {@link #close}
     * @throws PredictionException.Withdrawn after {@link #withdraw}
     */
    public Reservation reserve(Requester requester, long bytes) {
        lock.lock();
        try {
            if (withdrawn) {
                throw new PredictionException.Withdrawn(model);
            }
            requireService();
            requireHope(requester.timeout());
            if (!places.tryTake(requester.client(), 1)) {
                throw refused(
                        Refusal.QUEUE,
                        "%d requests for model %s wait of %d that may (nowcast.queue.capacity); a client may hold as many places as are left for others"
                                .formatted(places.total(), model, limits.requests()));
            }
            try {
                takeMemory(requester, 0, bytes);
            } catch (PredictionException refusal) {
                places.release(requester.client(), 1);
                throw refusal;
            }
            backlog.announce();
            long deadline = nanoTime.getAsLong() + requester.timeout().toNanos();
            lastDeadline = deadline - lastDeadline > 0 ? deadline : lastDeadline;
            return new Reservation(
                    this, requester, bytes, new Deadline(nanoTime, requester.timeout()));
        } finally {
            lock.unlock();
        }
    }

    private void requireService() {
        if (closed) {
            listener.refused(model, Refusal.CLOSED);
            throw new PredictionException.QueueClosed();
        }
        if (copies == 0) {
            listener.refused(model, Refusal.NO_COPY);
            throw new PredictionException.NoCopy(
                    "model %s cannot be served now: %s".formatted(model, lastStop));
        }
    }

    /** Where nothing waits a request is let in whatever calls took, so that estimates stay true. */
    private void requireHope(Duration timeout) {
        double seconds = MARGIN * (expectedWait().toNanos() / 1e9 + backlog.secondsAPrediction());
        if (!backlog.isIdle() && seconds > timeout.toNanos() / 1e9) {
            throw refused(
                    Refusal.DEADLINE,
                    "an answer would take about %.1f s; twice that is longer than the request's timeout of %s"
                            .formatted(seconds / MARGIN, timeout));
        }
    }

    private PredictionException refused(Refusal reason, String message) {
        listener.refused(model, reason);
        return new PredictionException.Refused(message, expectedWait());
    }

    /**
     * Takes memory for a request that is being made or grows.
     *
     * @param held what the request holds already: as much must be left for others once it has grown
     */
    void takeMemory(Requester requester, long held, long bytes) {
        if (2 * held + bytes > memory.limit()) {
            throw new PredictionException.TooLarge(
                    "the request needs %d bytes; all requests together may hold %d (nowcast.queue.memory), and one that holds %d gets no more than %d"
                            .formatted(held + bytes, memory.limit(), held, memory.limit() - held));
        }
        if (!memory.tryTake(requester.client(), bytes)) {
            lock.lock();
            try {
                throw refused(
                        Refusal.MEMORY,
                        "requests hold %d bytes of %d (nowcast.queue.memory) and this one needs %d; a client may hold as many as are left for others"
                                .formatted(memory.used(), memory.limit(), bytes));
            } finally {
                lock.unlock();
            }
        }
    }

    void releaseMemory(Requester requester, long bytes) {
        memory.release(requester.client(), bytes);
    }

    /** Queues what a reservation turned out to be. */
    List<PendingPrediction> submit(Reservation reservation, List<Reservation.Work> works) {
        lock.lock();
        try {
            if (withdrawn && reservation.deadline().hasPassed()) {
                throw new PredictionException.DeadlinePassed(reservation.deadline().allowed());
            }
            requireService();
            backlog.arrived();
            List<PendingPrediction> accepted = new ArrayList<>();
            for (Reservation.Work work : works) {
                accepted.add(accept(reservation, work));
            }
            change.signalAll();
            return accepted;
        } finally {
            lock.unlock();
        }
    }

    private PendingPrediction accept(Reservation reservation, Reservation.Work work) {
        FairOrder.Rank rank =
                order.arrive(
                        reservation.requester(), backlog.seconds(work), backlog.earliestStart());
        PendingPrediction pending = new PendingPrediction(work, reservation, rank, sequence++);
        enter(pending);
        return pending;
    }

    /** A request has ended: what of it still waits is dropped, and its place is free. */
    void leave(Reservation reservation, boolean submitted) {
        lock.lock();
        try {
            if (!submitted) {
                backlog.arrived();
            }
            for (PendingPrediction prediction : backlog.of(reservation)) {
                remove(prediction);
                Drop reason = prediction.isLate() ? Drop.DEADLINE : Drop.ABANDONED;
                prediction.fail(new PredictionException.Abandoned());
                listener.dropped(model, reason);
            }
            freePlace(reservation);
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void freePlace(Reservation reservation) {
        if (reservation.takePlace()) {
            places.release(reservation.requester().client(), 1);
        }
    }

    /**
     * Waits until there is work that a worker should take now: something waits that those which
     * began to wait later will not take, and either nothing that could share its call is being
     * read, or the window has passed since the oldest came. The last to wait is the first to work:
     * what its call needs is still at hand. A worker that cannot go on to {@link #take} at once
     * calls {@link #wake}.
     *
     * @param retired whether the worker is not to take work any more; asked after {@link #wake}
     * @return false when the worker is to end: it is retired, or the queue is closed and empty, or
     *     withdrawn and done with
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public boolean awaitWork(BooleanSupplier retired) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Object self = new Object();
            idle.add(self);
            boolean works = false;
            try {
                works = awaitWork(self, retired);
                return works;
            } finally {
                idle.remove(self);
                if (!works) {
                    change.signalAll();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitWork(Object self, BooleanSupplier retired) throws InterruptedException {
        while (true) {
            if (retired.getAsBoolean() || (closed && backlog.isEmpty()) || isDoneWith()) {
                return false;
            }
            if (backlog.isEmpty() && withdrawn) {
                change.awaitNanos(lastDeadline - nanoTime.getAsLong());
                continue;
            }
            if (backlog.isEmpty() || othersWillTakeAll(self)) {
                change.await();
                continue;
            }
            long patience = windowLeft();
            if (patience <= 0) {
                return true;
            }
            change.awaitNanos(patience);
        }
    }

    private boolean othersWillTakeAll(Object self) {
        int later = idle.size() - 1 - idle.indexOf(self);
        return backlog.size() <= later && !closed && !withdrawn;
    }

    /** Whether it is withdrawn and everyone who was let in was answered or is too late. */
    private boolean isDoneWith() {
        boolean late = nanoTime.getAsLong() - lastDeadline >= 0;
        return withdrawn && backlog.isEmpty() && (late || backlog.isIdle());
    }

    private long windowLeft() {
        if (!backlog.isAnnounced() || closed || backlog.size() >= limits.batch()) {
            return 0;
        }
        return limits.window().minus(backlog.longestWait()).toNanos();
    }

    /** Has every waiting worker look again whether it is retired. */
    public void wake() {
        lock.lock();
        try {
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes what may share a model call, in the queue's order; empty if another worker was faster.
     * {@link #served} follows, or {@link #giveBack}.
     */
    public List<PendingPrediction> take() {
        lock.lock();
        try {
            dropHopeless();
            BatchAssembler.Taken taken = BatchAssembler.take(backlog.waiting(), limits);
            taken.unwanted()
                    .forEach(prediction -> {
                        listener.dropped(model, Drop.DEADLINE);
                        left(prediction);
                    });
            taken.batch().forEach(this::left);
            backlog.started(taken.batch());
            return taken.batch();
        } finally {
            lock.unlock();
        }
    }

    /** Fails what would be computed in vain. */
    private void dropHopeless() {
        for (PendingPrediction prediction : backlog.hopeless()) {
            prediction.failLate();
            remove(prediction);
            listener.dropped(model, Drop.DEADLINE);
        }
    }

    private void enter(PendingPrediction prediction) {
        backlog.enter(prediction);
        prediction.reservation().entered();
    }

    private void remove(PendingPrediction prediction) {
        backlog.waiting().remove(prediction);
        left(prediction);
    }

    /** Keeps the books of a prediction that waits no longer. */
    private void left(PendingPrediction prediction) {
        backlog.left(prediction);
        if (prediction.reservation().leftWithNoneWaiting()) {
            freePlace(prediction.reservation());
        }
    }

    /** Puts back what was taken and could not be run, for another copy. */
    public void giveBack(List<PendingPrediction> batch) {
        lock.lock();
        try {
            backlog.stopped(batch);
            batch.stream().filter(PendingPrediction::isStillWanted).forEach(this::enter);
            failWaitingIfUnserved();
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells that a batch from {@link #take} is done.
     *
     * @param occupied time from when the worker could have begun until the call ended: with the
     *     wait for its turn on a device that models share
     */
    public void served(List<PendingPrediction> batch, Duration occupied) {
        lock.lock();
        try {
            backlog.stopped(batch);
            backlog.took(occupied, batch);
            if (withdrawn) {
                change.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells what a prediction took outside of the queue, as in a warm-up. */
    public void expect(Reservation.Work work, Duration inference) {
        lock.lock();
        try {
            backlog.took(inference, work);
        } finally {
            lock.unlock();
        }
    }

    /** A copy of the model is ready to take work. */
    public void copyServes() {
        lock.lock();
        try {
            copies++;
        } finally {
            lock.unlock();
        }
    }

    /** A copy takes no more work; if it was the last one, what waits is failed with the reason. */
    public void copyStopped(String reason) {
        lock.lock();
        try {
            copies--;
            lastStop = reason;
            if (!closed) {
                failWaitingIfUnserved();
            }
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void failWaitingIfUnserved() {
        if (copies == 0) {
            failWaiting(new PredictionException.NoCopy(lastStop));
        }
    }

    private void failWaiting(PredictionException cause) {
        while (!backlog.isEmpty()) {
            PendingPrediction prediction = backlog.waiting().first();
            prediction.fail(cause);
            listener.failed(model, Failure.NO_COPY);
            remove(prediction);
        }
    }

    /**
     * Lets nobody in any more, for another queue has taken over; whoever was let in is served. Its
     * workers end when that is done.
     */
    public void withdraw() {
        lock.lock();
        try {
            withdrawn = true;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Accepts nothing more; what was accepted is still handed out. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Fails whatever still waits; for a shutdown that ran out of time. */
    public void discard() {
        lock.lock();
        try {
            failWaiting(new PredictionException.QueueClosed());
        } finally {
            lock.unlock();
        }
    }

    /** Predictions that wait. */
    public int depth() {
        lock.lock();
        try {
            return backlog.size();
        } finally {
            lock.unlock();
        }
    }

    /** Requests that are being read or wait. */
    public long requests() {
        return places.total();
    }

    /** Predictions in model calls now. */
    public int running() {
        lock.lock();
        try {
            return backlog.running();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of input that wait. */
    public long bytes() {
        lock.lock();
        try {
            return backlog.bytes();
        } finally {
            lock.unlock();
        }
    }

    /** When a request that comes now would begin to be computed, as far as recent calls tell. */
    public Duration expectedWait() {
        lock.lock();
        try {
            return backlog.expectedWait(copies);
        } finally {
            lock.unlock();
        }
    }
}
