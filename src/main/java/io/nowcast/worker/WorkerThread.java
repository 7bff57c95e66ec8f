package io.nowcast.worker;

import io.nowcast.batching.BatchQueue;
import io.nowcast.batching.PredictionListener;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFacts;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelLoader;
import io.nowcast.model.NowcastModel;
import io.nowcast.model.Placement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * The platform thread that a model copy lives on: it loads the copy, warms it up, serves it and
 * closes it. PyTorch keeps a thread pool and allocator state for every calling thread, so no other
 * thread ever calls the copy.
 */
final class WorkerThread {

    private final Thread thread;
    private final CompletableFuture<ModelFacts> ready = new CompletableFuture<>();
    private final ModelFolder folder;
    private final Placement placement;
    private final Surroundings surroundings;
    private final Runnable onEnd;
    private volatile Optional<DeviceWorker> worker = Optional.empty();

    /**
     * Starts nothing yet.
     *
     * @param onEnd is run last, once the copy is closed
     */
    WorkerThread(
            ModelFolder folder, Placement placement, Surroundings surroundings, Runnable onEnd) {
        this.folder = folder;
        this.onEnd = onEnd;
        this.placement = placement;
        this.surroundings = surroundings;
        this.thread =
                Thread.ofPlatform()
                        .name("model-" + folder.name() + "-" + placement)
                        .daemon()
                        .unstarted(this::live);
    }

    private void live() {
        try {
            load().ifPresent(DeviceWorker::run);
        } finally {
            worker = Optional.empty();
            onEnd.run();
        }
    }

    private Optional<DeviceWorker> load() {
        try {
            NowcastModel model = surroundings.loader().load(folder, placement);
            try {
                new WarmUp(surroundings.device().turns(), surroundings.share())
                        .run(model, folder.manifest(), surroundings.queue());
            } catch (RuntimeException | Error failure) {
                model.close();
                throw failure;
            }
            DeviceWorker loaded =
                    new DeviceWorker(
                            folder.name(),
                            surroundings.device(),
                            surroundings.share(),
                            model,
                            surroundings.queue(),
                            surroundings.listener(),
                            surroundings.onDeviceLost(),
                            surroundings.nanoTime());
            worker = Optional.of(loaded);
            surroundings.queue().copyServes();
            ready.complete(model.facts());
            return worker;
        } catch (RuntimeException | Error failure) {
            // Whatever it is, somebody waits to hear that this copy will not be.
            ready.completeExceptionally(failure);
            return Optional.empty();
        }
    }

    /**
     * Starts.
     *
     * @throws ModelException if the machine has no thread to give
     */
    void start() {
        try {
            thread.start();
        } catch (OutOfMemoryError none) {
            throw new ModelException(
                    "no thread can be started on %s: %s".formatted(placement, none.getMessage()),
                    none);
        }
    }

    /** Ends where it was never started, nor will be: nobody else would tell of that end. */
    void abandon() {
        if (thread.getState() == Thread.State.NEW) {
            onEnd.run();
        }
    }

    /**
     * Waits until the copy has answered its warm-up.
     *
     * @throws ModelException if it was refused, failed or is not ready in time
     */
    ModelFacts awaitReady(Duration patience) {
        try {
            return ready.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw new ModelException(
                    "not loaded and warm on %s within %s".formatted(placement, patience));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ModelException("loading was interrupted");
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw cause instanceof ModelException known
                    ? known
                    : new ModelException("loading failed: " + cause, cause);
        }
    }

    /** What the copy does now. */
    WorkerStatus status() {
        return new WorkerStatus(
                folder.name(),
                placement,
                state(),
                worker.map(DeviceWorker::busy).orElse(Duration.ZERO));
    }

    private WorkerStatus.State state() {
        if (surroundings.device().isLost()) {
            return WorkerStatus.State.LOST;
        }
        Optional<DeviceWorker> present = worker;
        if (present.isEmpty() || !thread.isAlive()) {
            return WorkerStatus.State.STOPPED;
        }
        return present.get().isStuck() ? WorkerStatus.State.STUCK : WorkerStatus.State.SERVING;
    }

    Placement placement() {
        return placement;
    }

    /** Gives up a model call that takes longer than {@code patience}. */
    void giveUpAfter(Duration patience) {
        worker.ifPresent(present -> present.giveUpAfter(patience));
    }

    /** Waits for the thread to end; interrupts it when the time is over. */
    void join(Duration patience) throws InterruptedException {
        if (thread.getState() != Thread.State.NEW && !thread.join(patience)) {
            thread.interrupt();
        }
    }

    /**
     * What a copy needs of its pool.
     *
     * @param share the model's part of the device
     * @param onDeviceLost is run when the device was found lost
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    record Surroundings(
            ModelLoader loader,
            ComputeDevice device,
            DeviceTurns.Share share,
            BatchQueue queue,
            PredictionListener listener,
            Runnable onDeviceLost,
            LongSupplier nanoTime) {}
}
