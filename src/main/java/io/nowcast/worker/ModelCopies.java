package io.nowcast.worker;

import io.nowcast.batching.BatchQueue;
import io.nowcast.model.DeviceName;
import io.nowcast.model.Generation;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFacts;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ServedModel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * `alive` counts the threads that have not ended; each counts itself down once its copy is closed, and those that could not be
 * started are counted down by whoever wanted to. Everything else is set before the first of them starts.
 */

/**
 * One generation of a model: its copies on all devices, each with a thread, and the queue that they
 * serve. They are loaded side by side and end together.
 */
final class ModelCopies {

    private static final Logger LOG = LoggerFactory.getLogger(ModelCopies.class);

    private final ModelFolder folder;
    private final int generation;
    private final BatchQueue queue;
    private final List<WorkerThread> threads;
    private final CountDownLatch alive;

    /**
     * Loads nothing yet.
     *
     * @param making makes the threads, given what each is to run at its end
     * @param onEnd is run when the last thread ends
     */
    ModelCopies(ModelFolder folder, int generation, BatchQueue queue, Making making, Ending onEnd) {
        this.folder = folder;
        this.generation = generation;
        this.queue = queue;
        this.threads = making.threads(() -> ended(onEnd));
        this.alive = new CountDownLatch(threads.size());
    }

    private void ended(Ending onEnd) {
        alive.countDown();
        if (hasEnded()) {
            onEnd.ended(this);
        }
    }

    /**
     * Loads all copies; if that fails, all end.
     *
     * @param patience with each of them
     * @throws ModelException if one was refused, failed or is not ready in time
     */
    ServedModel load(Duration patience, List<DeviceName> devices, InstantSource clock) {
        long began = System.nanoTime();
        try {
            threads.forEach(WorkerThread::start);
            for (WorkerThread copy : threads) {
                ModelFacts facts = copy.awaitReady(patience);
                LOG.info(
                        "Model {} ({}, {} parameters) is ready on {} after {} ms",
                        folder.name(),
                        facts.network(),
                        facts.parameters(),
                        copy.placement(),
                        (System.nanoTime() - began) / 1_000_000);
            }
            return new ServedModel(
                    folder,
                    threads.getFirst().awaitReady(patience),
                    devices,
                    new Generation(generation, clock.instant()));
        } catch (RuntimeException | Error failure) {
            // Whatever it is, the copies that are there would wait for requests for ever.
            queue.close();
            threads.forEach(WorkerThread::abandon);
            throw failure;
        }
    }

    String model() {
        return folder.name();
    }

    int generation() {
        return generation;
    }

    /** Lets nobody in any more; the copies end when all who were let in are served. */
    void withdraw() {
        queue.withdraw();
    }

    /** Accepts nothing any more; the copies end when what was accepted is done. */
    void close() {
        queue.close();
    }

    /** Fails what still waits. */
    void discard() {
        queue.discard();
    }

    /** Has idle copies on a lost device see that they are to end. */
    void wake() {
        queue.wake();
    }

    /** Whether all copies are closed. */
    boolean hasEnded() {
        return alive.getCount() == 0;
    }

    /** Copies that are not closed. */
    int open() {
        return (int) alive.getCount();
    }

    /** Waits until all copies are closed; whether they are. */
    boolean awaitEnd(Duration patience) throws InterruptedException {
        return alive.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Waits for the threads until a deadline, and interrupts those that go on. */
    void join(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (WorkerThread thread : threads) {
            thread.join(Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime())));
        }
    }

    void giveUpAfter(Duration patience) {
        threads.forEach(thread -> thread.giveUpAfter(patience));
    }

    List<WorkerStatus> status() {
        return threads.stream().map(WorkerThread::status).toList();
    }

    /** Makes the threads of a generation. */
    interface Making {
        List<WorkerThread> threads(Runnable onEnd);
    }

    /** Is told of a generation's end. */
    interface Ending {
        void ended(ModelCopies copies);
    }
}
