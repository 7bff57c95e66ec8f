package io.nowcast.worker;

import io.nowcast.batching.BatchQueue;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFacts;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelLoader;
import io.nowcast.model.NowcastModel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The platform thread that a model copy lives on: it loads the copy, warms it up, serves it and
 * closes it. PyTorch keeps a thread pool and allocator state for every calling thread, so no other
 * thread ever calls the copy.
 */
final class WorkerThread {

    private final Thread thread;
    private final CompletableFuture<ModelFacts> ready = new CompletableFuture<>();
    private final String modelName;
    private final DeviceName device;
    private volatile Optional<DeviceWorker> worker = Optional.empty();

    WorkerThread(ModelFolder folder, DeviceName device, ModelLoader loader, BatchQueue queue) {
        this.modelName = folder.name();
        this.device = device;
        this.thread =
                Thread.ofPlatform()
                        .name("model-" + folder.name() + "-" + device)
                        .daemon()
                        .unstarted(() -> live(folder, loader, queue));
    }

    private void live(ModelFolder folder, ModelLoader loader, BatchQueue queue) {
        Optional<DeviceWorker> loaded = load(folder, loader, queue);
        worker = loaded;
        loaded.ifPresent(DeviceWorker::run);
        worker = Optional.empty();
    }

    private Optional<DeviceWorker> load(ModelFolder folder, ModelLoader loader, BatchQueue queue) {
        try {
            NowcastModel model = loader.load(folder, device);
            try {
                WarmUp.run(model, folder.manifest());
            } catch (RuntimeException failure) {
                model.close();
                throw failure;
            }
            DeviceWorker loaded = new DeviceWorker(modelName, device, model, queue);
            worker = Optional.of(loaded);
            ready.complete(model.facts());
            return Optional.of(loaded);
        } catch (RuntimeException | LinkageError | OutOfMemoryError failure) {
            ready.completeExceptionally(failure);
            return Optional.empty();
        }
    }

    void start() {
        thread.start();
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
                    "not loaded and warm on %s within %s".formatted(device, patience));
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

    /** Whether the copy is loaded, warm and its thread is alive. */
    boolean isServing() {
        return worker.isPresent() && thread.isAlive();
    }

    /** How long the current model call takes so far; zero when idle. */
    Duration busy() {
        return worker.map(DeviceWorker::busy).orElse(Duration.ZERO);
    }

    String modelName() {
        return modelName;
    }

    DeviceName device() {
        return device;
    }

    /** Waits for the thread to end; interrupts it when the time is over. */
    void join(Duration patience) throws InterruptedException {
        if (!thread.join(patience)) {
            thread.interrupt();
        }
    }
}
