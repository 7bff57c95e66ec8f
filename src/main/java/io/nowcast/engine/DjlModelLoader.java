package io.nowcast.engine;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.util.cuda.CudaUtils;
import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.checkpoint.CheckpointException;
import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.layout.LayoutException;
import io.nowcast.layout.RecognisedNetwork;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelLoader;
import io.nowcast.model.ModelManifest;
import io.nowcast.model.NowcastModel;
import io.nowcast.model.Placement;
import io.nowcast.model.PrecisionFacts;
import io.nowcast.model.WeightsLoader;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.torchscript.NumberFormat;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Loads models into DJL's PyTorch engine: a checkpoint is rewritten as TorchScript, a TorchScript
 * module runs as it is.
 */
final class DjlModelLoader implements ModelLoader, WeightsLoader {

    private static final PrecisionCheck.Choice FLOAT32 =
            new PrecisionCheck.Choice(NumberFormat.FLOAT32, PrecisionFacts.FLOAT32);

    private final Object lock = new Object();

    /** Held by the copies that are loading, and no longer. */
    private WeakReference<@Nullable Shared> latest = new WeakReference<>(null);

    @Override
    public List<DeviceName> devices(String configured) {
        return DeviceDiscovery.ofThisMachine().devices(configured);
    }

    @Override
    public OptionalLong memory(DeviceName device) {
        return device.isCuda() && device.index() < CudaUtils.getGpuCount()
                ? OptionalLong.of(CudaUtils.getGpuMemory(PyTorch.device(device)).getMax())
                : OptionalLong.empty();
    }

    @Override
    public NowcastModel load(ModelFolder folder, Placement placement) {
        ModelManifest manifest = folder.manifest();
        if (!placement.device().isCuda()) {
            ComputePriority.yieldToRequests();
        }
        return owning(
                placement.device(),
                manifest.weights().toString(),
                manager -> {
                    if (ExportedModule.isOne(folder.weights())) {
                        return ExportedModule.load(folder, manager);
                    }
                    return archive(folder, placement.device()).load(manager);
                });
    }

    /**
     * Copies on a device are loaded side by side: the first reads and rewrites the weights, the
     * others wait for it and take the same.
     */
    private NetworkArchive archive(ModelFolder folder, DeviceName device) throws IOException {
        synchronized (lock) {
            Shared last = latest.get();
            if (last != null && last.isFor(folder, device)) {
                return last.archive();
            }
            Checkpoint checkpoint = CheckpointReader.read(folder.weights());
            RecognisedNetwork recognised =
                    RecognisedNetwork.in(checkpoint, folder.manifest().choices());
            requireFit(recognised.network(), folder.manifest());
            String digest = checkpoint.digest();
            PrecisionCheck.Choice choice =
                    new PrecisionCheck(folder, recognised.network())
                            .choose(
                                    Processor.isFastInBf16(device),
                                    format -> copy(recognised, digest, format, device));
            NetworkArchive archive = NetworkArchive.of(recognised, digest, choice, device);
            latest = new WeakReference<>(new Shared(folder, device, archive));
            return archive;
        }
    }

    private record Shared(ModelFolder folder, DeviceName device, NetworkArchive archive) {

        /** The very same folder: an equal one may have been read from changed files. */
        @SuppressWarnings("ReferenceEquality")
        boolean isFor(ModelFolder other, DeviceName its) {
            return folder == other && device.equals(its);
        }
    }

    /** A copy for a while, with a manager of its own. */
    static NowcastModel copy(
            RecognisedNetwork recognised, String digest, NumberFormat format, DeviceName device) {
        PrecisionCheck.Choice choice = new PrecisionCheck.Choice(format, PrecisionFacts.FLOAT32);
        return owning(
                device,
                recognised.layout(),
                manager -> NetworkArchive.of(recognised, digest, choice, device).load(manager));
    }

    @Override
    public NowcastModel open(
            SequencedMap<String, Path> weights, Map<String, String> choices, DeviceName device) {
        return owning(
                device,
                weights.values().toString(),
                manager -> {
                    if (ExportedModule.isOne(weights)) {
                        return ExportedModule.open(weights.firstEntry().getValue(), manager);
                    }
                    Checkpoint checkpoint = CheckpointReader.read(weights);
                    return NetworkArchive.of(
                                    RecognisedNetwork.in(checkpoint, choices),
                                    checkpoint.digest(),
                                    FLOAT32,
                                    device)
                            .load(manager);
                });
    }

    /** Makes a model with a manager of its own, which is closed if that fails. */
    private static NowcastModel owning(DeviceName device, String files, Making making) {
        PtNDManager manager = PyTorch.newManager(PyTorch.device(device));
        try {
            return making.make(manager);
        } catch (CheckpointException
                | LayoutException
                | IllegalArgumentException
                | IOException problem) {
            manager.close();
            throw new ModelException(files + ": " + problem.getMessage(), problem);
        } catch (EngineException | OutOfMemoryError failure) {
            manager.close();
            throw EngineFaults.on(PyTorch.device(device)).explain(files, failure);
        } catch (RuntimeException problem) {
            manager.close();
            throw problem;
        }
    }

    private interface Making {
        NowcastModel make(PtNDManager manager) throws IOException;
    }

    private static void requireFit(RecurrentNetwork network, ModelManifest manifest) {
        if (network.inputChannels() != manifest.inputChannels()) {
            throw new ModelException(
                    "the network reads %d channels, but the manifest's scaling and missing data make %d; features of a series can be rows of its frames, see network.features"
                            .formatted(network.inputChannels(), manifest.inputChannels()));
        }
        int most = network.mostSteps(manifest.frames().input());
        if (manifest.frames().maximumOutput() > most) {
            throw new ModelException(
                    "the network gives at most %d lead steps from %d frames, the manifest promises %d"
                            .formatted(
                                    most,
                                    manifest.frames().input(),
                                    manifest.frames().maximumOutput()));
        }
    }
}
