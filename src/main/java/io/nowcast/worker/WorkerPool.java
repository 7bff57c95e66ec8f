package io.nowcast.worker;

import io.nowcast.batching.BatchQueue;
import io.nowcast.batching.BatchQueues;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelCatalogue;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFacts;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelLoader;
import io.nowcast.model.ModelRepository;
import io.nowcast.model.ServedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Serves every model of the repository on every configured device. It starts before the HTTP port
 * opens, so that the service is never reachable without having made a real forward pass on each
 * device, and stops after the last request was answered. A broken model is left out with its
 * reason; the start fails only if the default model is broken.
 */
public final class WorkerPool implements SmartLifecycle {

    /** Below the phases of the web server: started earlier, stopped later. */
    static final int PHASE = 0;

    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);

    private final ModelRepository repository;
    private final ModelLoader loader;
    private final ModelCatalogue catalogue;
    private final BatchQueues queues;
    private final String configuredDevices;
    private final Patience patience;
    private volatile List<WorkerThread> threads = List.of();
    private volatile boolean running;

    /**
     * Starts nothing yet.
     *
     * @param configuredDevices {@code auto}, or names as {@link DeviceName} reads them, separated
     *     by commas
     */
    public WorkerPool(
            ModelRepository repository,
            ModelLoader loader,
            ModelCatalogue catalogue,
            BatchQueues queues,
            String configuredDevices,
            Patience patience) {
        this.repository = repository;
        this.loader = loader;
        this.catalogue = catalogue;
        this.queues = queues;
        this.configuredDevices = configuredDevices;
        this.patience = patience;
    }

    @Override
    public void start() {
        List<DeviceName> devices = loader.devices(configuredDevices);
        ModelRepository.Contents contents = repository.scan();
        Map<String, String> broken = new LinkedHashMap<>(contents.broken());
        List<ServedModel> served = new ArrayList<>();
        List<WorkerThread> started = new ArrayList<>();
        for (ModelFolder folder : contents.folders()) {
            try {
                List<WorkerThread> copies = serve(folder, devices);
                served.add(
                        new ServedModel(
                                folder, copies.getFirst().awaitReady(patience.load()), devices));
                started.addAll(copies);
            } catch (ModelException problem) {
                broken.put(folder.name(), String.valueOf(problem.getMessage()));
            }
        }
        broken.forEach((name, reason) -> LOG.error("Model {} is not served: {}", name, reason));
        threads = List.copyOf(started);
        running = true;
        catalogue.publish(served, broken);
        requireDefaultModel(broken);
    }

    /** Loads the copies of all devices side by side; if one fails, none is served. */
    private List<WorkerThread> serve(ModelFolder folder, List<DeviceName> devices) {
        long began = System.nanoTime();
        BatchQueue queue = queues.open(folder.name());
        List<WorkerThread> copies =
                devices.stream()
                        .map(device -> new WorkerThread(folder, device, loader, queue))
                        .toList();
        copies.forEach(WorkerThread::start);
        try {
            for (WorkerThread copy : copies) {
                ModelFacts facts = copy.awaitReady(patience.load());
                LOG.info(
                        "Model {} ({}, {} parameters) is ready on {} after {} ms",
                        folder.name(),
                        facts.network(),
                        facts.parameters(),
                        copy.device(),
                        (System.nanoTime() - began) / 1_000_000);
            }
            return copies;
        } catch (ModelException problem) {
            queue.close();
            throw problem;
        }
    }

    private void requireDefaultModel(Map<String, String> broken) {
        String name = catalogue.defaultModel();
        if (catalogue.find(name).isEmpty()) {
            stop();
            throw new ModelException(
                    "the default model '%s' cannot be served: %s"
                            .formatted(
                                    name,
                                    broken.getOrDefault(name, "there is no folder of this name")));
        }
    }

    @Override
    public void stop() {
        running = false;
        queues.all().values().forEach(BatchQueue::close);
        long deadline = System.nanoTime() + patience.drain().toNanos();
        try {
            for (WorkerThread thread : threads) {
                thread.join(Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        queues.all().values().forEach(BatchQueue::discard);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** What each model copy does now. */
    public List<WorkerStatus> status() {
        return threads.stream()
                .map(thread ->
                        new WorkerStatus(
                                thread.modelName(),
                                thread.device().toString(),
                                thread.isServing(),
                                thread.busy()))
                .toList();
    }

    /**
     * How long to wait.
     *
     * @param load for a model copy to be loaded and warm
     * @param drain at a stop, for what was accepted
     */
    public record Patience(Duration load, Duration drain) {}

    /**
     * What a model copy does now.
     *
     * @param serving whether it is loaded, warm and its thread is alive
     * @param busy how long the current model call takes so far; zero when idle
     */
    public record WorkerStatus(String model, String device, boolean serving, Duration busy) {}
}
