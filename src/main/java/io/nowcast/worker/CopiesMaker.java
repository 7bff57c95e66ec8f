package io.nowcast.worker;

import io.nowcast.batching.BatchQueue;
import io.nowcast.batching.BatchQueues;
import io.nowcast.batching.PredictionListener;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelLoader;
import io.nowcast.model.Placement;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes the copies of models: as many on each device as it makes calls at a time. */
final class CopiesMaker {

    private static final double USUAL_WEIGHT = 1;

    /** Nine times the answers a second of calls for one on small grids, see docs/gpu.md. */
    private static final int USUAL_BATCH_ON_GPUS = 16;

    private final ModelLoader loader;
    private final BatchQueues queues;
    private final PredictionListener listener;
    private final PoolSettings settings;
    private final LongSupplier nanoTime;

    CopiesMaker(
            ModelLoader loader,
            BatchQueues queues,
            PredictionListener listener,
            PoolSettings settings,
            LongSupplier nanoTime) {
        this.loader = loader;
        this.queues = queues;
        this.listener = listener;
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    /** The devices that were configured, with the memory that calls may use. */
    List<ComputeDevice> devices() {
        List<DeviceName> names = loader.devices(settings.devices());
        settings.workingMemory()
                .measure(names.stream().mapToLong(this::workingMemory).min().orElseThrow());
        return names.stream().map(this::open).toList();
    }

    /** Of a GPU's memory a quarter is for CUDA, weights and fragments. */
    private long workingMemory(DeviceName device) {
        OptionalLong own = loader.memory(device);
        return own.isPresent() ? own.getAsLong() / 4 * 3 : settings.workingMemory().bytes();
    }

    private ComputeDevice open(DeviceName name) {
        return new ComputeDevice(
                name,
                new DeviceTurns(
                        callsAtATime(name),
                        name.isCuda() ? _ -> 1 : settings.cpuThreads(),
                        nanoTime),
                new DeviceMemory(settings.workingMemory().bytes()));
    }

    private int callsAtATime(DeviceName device) {
        return device.isCuda() ? 1 : settings.cpuWorkers();
    }

    /**
     * Makes a generation of a model on all of the devices, and its queue; nothing is loaded yet.
     *
     * @param onDeviceLost is run when a device was found lost
     * @param onEnd is told when the last copy is closed
     */
    ModelCopies make(
            ModelFolder folder,
            int generation,
            List<ComputeDevice> devices,
            Runnable onDeviceLost,
            ModelCopies.Ending onEnd) {
        boolean onGpus = devices.stream().allMatch(device -> device.name().isCuda());
        BatchQueue queue = queues.open(folder.name(), generation, onGpus ? USUAL_BATCH_ON_GPUS : 1);
        return new ModelCopies(
                folder,
                generation,
                queue,
                onCopyEnd ->
                        devices.stream()
                                .flatMap(device ->
                                        threads(
                                                folder,
                                                surroundings(folder, device, queue, onDeviceLost),
                                                onCopyEnd))
                                .toList(),
                onEnd);
    }

    private WorkerThread.Surroundings surroundings(
            ModelFolder folder, ComputeDevice device, BatchQueue queue, Runnable onDeviceLost) {
        double weight = settings.weights().getOrDefault(folder.name(), USUAL_WEIGHT);
        return new WorkerThread.Surroundings(
                loader,
                device,
                device.turns().share(weight),
                queue,
                listener,
                onDeviceLost,
                nanoTime);
    }

    private Stream<WorkerThread> threads(
            ModelFolder folder, WorkerThread.Surroundings surroundings, Runnable onEnd) {
        DeviceName device = surroundings.device().name();
        return IntStream.range(0, callsAtATime(device))
                .mapToObj(copy ->
                        new WorkerThread(folder, new Placement(device, copy), surroundings, onEnd));
    }
}
