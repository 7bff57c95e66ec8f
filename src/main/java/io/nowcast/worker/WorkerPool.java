package io.nowcast.worker;

import io.nowcast.batching.BatchQueues;
import io.nowcast.batching.PredictionListener;
import io.nowcast.model.ModelCatalogue;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelLoader;
import io.nowcast.model.ModelRepository;
import io.nowcast.model.ModelSnapshots;
import io.nowcast.model.ServedModel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/*
 * Every generation whose copies are not all closed is in `serving` or in `leaving`: it enters `leaving` when it begins to load, moves to
 * `serving` when it is ready, and back when another one has taken over. Moves, and `running`, change under this object's
 * lock, so that nothing is served after a stop; both may be read by anyone. A generation is removed from `leaving` by whoever
 * finds that its last copy is closed.
 */

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
    private final ModelSnapshots snapshots;
    private final ModelCatalogue catalogue;
    private final BatchQueues queues;
    private final CopiesMaker maker;
    private final PoolSettings settings;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final Map<String, ModelCopies> serving = new ConcurrentSkipListMap<>();
    private final Set<ModelCopies> leaving = ConcurrentHashMap.newKeySet();
    private volatile List<ComputeDevice> devices = List.of();
    private volatile boolean running;
    private Optional<CompletableFuture<Loaded>> loading = Optional.empty();

    /**
     * Starts nothing yet.
     *
     * @param nanoTime a clock as {@link System#nanoTime}
     * @param clock tells when a model was loaded
     */
    public WorkerPool(
            ModelRepository repository,
            ModelSnapshots snapshots,
            ModelLoader loader,
            ModelCatalogue catalogue,
            BatchQueues queues,
            PredictionListener listener,
            PoolSettings settings,
            LongSupplier nanoTime,
            InstantSource clock) {
        this.repository = repository;
        this.snapshots = snapshots;
        this.catalogue = catalogue;
        this.queues = queues;
        this.maker = new CopiesMaker(loader, queues, listener, settings, nanoTime);
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.clock = clock;
    }

    /**
     * Begins to load the models beside whatever the caller does until {@link #start}, which waits
     * for them and throws what went wrong; {@link #abandon} comes where it is never called.
     */
    public void prepare() {
        loading =
                Optional.of(
                        CompletableFuture.supplyAsync(
                                this::load,
                                task ->
                                        Thread.ofPlatform()
                                                .daemon()
                                                .name("models-loading")
                                                .start(task)));
    }

    /** Closes what {@link #prepare} has loaded or will have, unless it was started. */
    public void abandon() {
        if (loading.isPresent()) {
            var _ = loading.get().whenComplete((_, _) -> stop());
        }
    }

    @Override
    public void start() {
        if (loading.isEmpty()) {
            prepare();
        }
        Loaded loaded = await(loading.orElseThrow());
        loading = Optional.empty();
        loaded.broken()
                .forEach((name, reason) -> LOG.error("Model {} is not served: {}", name, reason));
        running = true;
        catalogue.publish(loaded.served(), loaded.broken());
        requireDefaultModel(loaded.broken());
    }

    private static Loaded await(CompletableFuture<Loaded> models) {
        try {
            return models.join();
        } catch (CompletionException failure) {
            switch (failure.getCause()) {
                case RuntimeException known -> throw known;
                case Error known -> throw known;
                case null, default -> throw failure;
            }
        }
    }

    private record Loaded(List<ServedModel> served, Map<String, String> broken) {}

    private Loaded load() {
        devices = maker.devices();
        ModelRepository.Contents contents = repository.scan();
        Map<String, String> broken = new LinkedHashMap<>(contents.broken());
        List<ServedModel> served = new ArrayList<>();
        for (ModelFolder folder : contents.folders()) {
            try {
                ModelCopies copies = copies(snapshot(folder), 1);
                ServedModel model = load(copies);
                enter(copies);
                served.add(model);
                serving.put(folder.name(), copies);
            } catch (ModelException problem) {
                broken.put(folder.name(), String.valueOf(problem.getMessage()));
            }
        }
        return new Loaded(served, broken);
    }

    /** A full disk must not keep the service from its start. */
    private ModelFolder snapshot(ModelFolder folder) {
        if (!snapshots.areWanted()) {
            return folder;
        }
        try {
            return snapshots.take(folder.name(), folder.folder());
        } catch (ModelException problem) {
            LOG.warn(
                    "Model {} is loaded from its folder and cannot be gone back to later: {}",
                    folder.name(),
                    problem.getMessage());
            return folder;
        }
    }

    /**
     * Loads a model beside the generation of its name that is served, if there is one, and then
     * serves it instead: requests that were admitted before are answered by the old copies, which
     * end after the last of them. If the new one is bad the old one goes on.
     *
     * @throws ModelException if it was refused, failed or is not ready in time; or if copies of an
     *     earlier generation do not end
     */
    public ServedModel serve(ModelFolder folder) {
        awaitLeft(folder.name());
        ModelCopies old = serving.get(folder.name());
        ModelCopies next = copies(folder, old == null ? 1 : old.generation() + 1);
        ServedModel model = load(next);
        synchronized (this) {
            if (!running) {
                next.close();
                throw new ModelException("the service is shutting down");
            }
            enter(next);
            if (old != null) {
                leaving.add(old);
            }
            serving.put(folder.name(), next);
            catalogue.serve(model);
            if (old != null) {
                // Last: who is turned away by the old queue must find the new one.
                old.withdraw();
            }
        }
        if (old != null && old.hasEnded()) {
            release(old);
        }
        return model;
    }

    /** A generation that has ended since it was ready was released, and has no queue any more. */
    private void enter(ModelCopies copies) {
        if (!leaving.remove(copies)) {
            throw new ModelException("its copies have ended: their devices are lost");
        }
    }

    /** More than two generations at a time of a model are more than memory was planned for. */
    private void awaitLeft(String model) {
        try {
            for (ModelCopies copies : leaving) {
                if (copies.model().equals(model) && !copies.awaitEnd(settings.load())) {
                    throw new ModelException(
                            "%d copies of generation %d have not ended within %s"
                                    .formatted(
                                            copies.open(), copies.generation(), settings.load()));
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ModelException("loading was interrupted");
        }
    }

    private ServedModel load(ModelCopies copies) {
        return copies.load(
                settings.load(), devices.stream().map(ComputeDevice::name).toList(), clock);
    }

    private ModelCopies copies(ModelFolder folder, int generation) {
        ModelCopies copies =
                maker.make(folder, generation, devices, this::wakeWorkers, this::release);
        leaving.add(copies);
        return copies;
    }

    /** Forgets a generation that ended, unless it is the one that is served. */
    private void release(ModelCopies copies) {
        if (leaving.remove(copies)) {
            queues.release(copies.model(), copies.generation());
            LOG.info(
                    "Generation {} of model {} has ended, its copies are closed",
                    copies.generation(),
                    copies.model());
        }
    }

    /** Idle copies on a lost device must see that they are to end. */
    private void wakeWorkers() {
        all().forEach(ModelCopies::wake);
    }

    private Stream<ModelCopies> all() {
        return Stream.concat(serving.values().stream(), leaving.stream());
    }

    private void requireDefaultModel(Map<String, String> broken) {
        String name = catalogue.defaultModel();
        if (catalogue.find(name).isEmpty()) {
            stop();
            throw new ModelException(
                    "the default model '%s' (nowcast.models.default-model) cannot be served: %s"
                            .formatted(
                                    name,
                                    broken.getOrDefault(name, "there is no folder of this name")));
        }
    }

    /** Gives up model calls that do not return; to be called every now and then. */
    void giveUpStuckCalls() {
        all().forEach(copies -> copies.giveUpAfter(settings.stuck()));
    }

    @Override
    public void stop() {
        synchronized (this) {
            running = false;
            all().forEach(ModelCopies::close);
        }
        List<ModelCopies> ending = all().toList();
        long deadline = nanoTime.getAsLong() + settings.drain().toNanos();
        try {
            for (ModelCopies copies : ending) {
                copies.join(Duration.ofNanos(Math.max(0, deadline - nanoTime.getAsLong())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        ending.forEach(ModelCopies::discard);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /**
     * What each model copy does now. Of generations that were replaced only copies whose call does
     * not return: they still hold their device.
     */
    public List<WorkerStatus> status() {
        Stream<WorkerStatus> stuck =
                leaving.stream()
                        .flatMap(copies -> copies.status().stream())
                        .filter(copy -> copy.state() == WorkerStatus.State.STUCK);
        return Stream.concat(
                        serving.values().stream().flatMap(copies -> copies.status().stream()),
                        stuck)
                .toList();
    }

    /** Copies of a model in memory, of all its generations, also while they are loaded. */
    public int openCopies(String model) {
        return all().filter(copies -> copies.model().equals(model))
                .mapToInt(ModelCopies::open)
                .sum();
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
