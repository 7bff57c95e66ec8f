package io.nowcast.worker;

import io.nowcast.batching.BatchQueue;
import io.nowcast.batching.BatchQueues;
import io.nowcast.batching.PredictionListener;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelCatalogue;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFacts;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelLoader;
import io.nowcast.model.ModelRepository;
import io.nowcast.model.Placement;
import io.nowcast.model.ServedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;

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
    private static final double USUAL_WEIGHT = 1;

    private final ModelRepository repository;
    private final ModelLoader loader;
    private final ModelCatalogue catalogue;
    private final BatchQueues queues;
    private final PredictionListener listener;
    private final PoolSettings settings;
    private final LongSupplier nanoTime;
    private volatile List<ComputeDevice> devices = List.of();
    private volatile List<WorkerThread> threads = List.of();
    private volatile boolean running;

    /**
     * Starts nothing yet.
     *
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    public WorkerPool(
            ModelRepository repository,
            ModelLoader loader,
            ModelCatalogue catalogue,
            BatchQueues queues,
            PredictionListener listener,
            PoolSettings settings,
            LongSupplier nanoTime) {
        this.repository = repository;
        this.loader = loader;
        this.catalogue = catalogue;
        this.queues = queues;
        this.listener = listener;
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    @Override
    public void start() {
        List<DeviceName> names = loader.devices(settings.devices());
        devices = names.stream().map(this::open).toList();
        ModelRepository.Contents contents = repository.scan();
        Map<String, String> broken = new LinkedHashMap<>(contents.broken());
        List<ServedModel> served = new ArrayList<>();
        List<WorkerThread> started = new ArrayList<>();
        for (ModelFolder folder : contents.folders()) {
            try {
                List<WorkerThread> copies = serve(folder);
                served.add(
                        new ServedModel(
                                folder, copies.getFirst().awaitReady(settings.load()), names));
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

    private ComputeDevice open(DeviceName name) {
        return new ComputeDevice(
                name,
                new DeviceTurns(
                        callsAtATime(name),
                        name.isCuda() ? _ -> 1 : settings.cpuThreads(),
                        nanoTime));
    }

    private int callsAtATime(DeviceName device) {
        return device.isCuda() ? 1 : settings.cpuWorkers();
    }

    /** Loads the copies of all devices side by side; if one fails, none is served. */
    private List<WorkerThread> serve(ModelFolder folder) {
        long began = nanoTime.getAsLong();
        BatchQueue queue = queues.open(folder.name());
        List<WorkerThread> copies =
                devices.stream().flatMap(device -> copies(folder, device, queue)).toList();
        copies.forEach(WorkerThread::start);
        try {
            for (WorkerThread copy : copies) {
                ModelFacts facts = copy.awaitReady(settings.load());
                LOG.info(
                        "Model {} ({}, {} parameters) is ready on {} after {} ms",
                        folder.name(),
                        facts.network(),
                        facts.parameters(),
                        copy.placement(),
                        (nanoTime.getAsLong() - began) / 1_000_000);
            }
            return copies;
        } catch (ModelException problem) {
            queue.close();
            throw problem;
        }
    }

    private Stream<WorkerThread> copies(
            ModelFolder folder, ComputeDevice device, BatchQueue queue) {
        double weight = settings.weights().getOrDefault(folder.name(), USUAL_WEIGHT);
        WorkerThread.Surroundings surroundings =
                new WorkerThread.Surroundings(
                        loader,
                        device,
                        device.turns().share(weight),
                        queue,
                        listener,
                        this::wakeWorkers,
                        nanoTime);
        return IntStream.range(0, callsAtATime(device.name()))
                .mapToObj(copy ->
                        new WorkerThread(folder, new Placement(device.name(), copy), surroundings));
    }

    /** Idle copies on a lost device must see that they are to end. */
    private void wakeWorkers() {
        queues.all().values().forEach(BatchQueue::wake);
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

    /** Gives up model calls that do not return. */
    @Scheduled(fixedDelayString = "PT1S")
    void watch() {
        threads.forEach(thread -> thread.giveUpAfter(settings.stuck()));
    }

    @Override
    public void stop() {
        running = false;
        queues.all().values().forEach(BatchQueue::close);
        long deadline = nanoTime.getAsLong() + settings.drain().toNanos();
        try {
            for (WorkerThread thread : threads) {
                thread.join(Duration.ofNanos(Math.max(1_000_000, deadline - nanoTime.getAsLong())));
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
        return threads.stream().map(WorkerThread::status).toList();
    }

    /** Why devices are lost to this process, by name; a loss stays until the process ends. */
    public Map<String, String> lostDevices() {
        Map<String, String> lost = new TreeMap<>();
        devices.forEach(device ->
                device.loss().ifPresent(reason -> lost.put(device.name().toString(), reason)));
        return lost;
    }

    /** The devices, by name. */
    public List<String> deviceNames() {
        return devices.stream().map(device -> device.name().toString()).toList();
    }
}
