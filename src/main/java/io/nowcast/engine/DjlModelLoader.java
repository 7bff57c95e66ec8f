package io.nowcast.engine;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.checkpoint.CheckpointException;
import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.layout.LayoutException;
import io.nowcast.layout.RecognisedNetwork;
import io.nowcast.model.DeviceName;
import io.nowcast.model.Footprint;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFacts;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelLoader;
import io.nowcast.model.ModelManifest;
import io.nowcast.model.NowcastModel;
import io.nowcast.model.Placement;
import io.nowcast.model.PrecisionFacts;
import io.nowcast.model.WeightsLoader;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.Sight;
import io.nowcast.network.WorkingMemory;
import io.nowcast.torchscript.NumberFormat;
import io.nowcast.torchscript.TorchScriptWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.springframework.stereotype.Component;

/**
 * Loads models into DJL's PyTorch engine: a checkpoint is rewritten as TorchScript, a TorchScript
 * module runs as it is.
 */
@Component
final class DjlModelLoader implements ModelLoader, WeightsLoader {

    private static final PrecisionCheck.Choice FLOAT32 =
            new PrecisionCheck.Choice(NumberFormat.FLOAT32, PrecisionFacts.FLOAT32);

    @Override
    public List<DeviceName> devices(String configured) {
        return DeviceDiscovery.ofThisMachine().devices(configured);
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
                    Checkpoint checkpoint = CheckpointReader.read(folder.weights());
                    RecognisedNetwork recognised =
                            RecognisedNetwork.in(checkpoint, manifest.choices());
                    requireFit(recognised.network(), manifest);
                    String digest = checkpoint.digest();
                    PrecisionCheck.Choice choice =
                            new PrecisionCheck(folder, recognised.network())
                                    .choose(
                                            Processor.isFastInBf16(placement.device()),
                                            format ->
                                                    copy(
                                                            recognised,
                                                            digest,
                                                            format,
                                                            placement.device()));
                    return written(recognised, digest, choice, placement.device(), manager);
                });
    }

    /** A copy for a while, with a manager of its own. */
    static NowcastModel copy(
            RecognisedNetwork recognised, String digest, NumberFormat format, DeviceName device) {
        PrecisionCheck.Choice choice = new PrecisionCheck.Choice(format, PrecisionFacts.FLOAT32);
        return owning(
                device,
                recognised.layout(),
                manager -> written(recognised, digest, choice, device, manager));
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
                    return written(
                            RecognisedNetwork.in(checkpoint, choices),
                            checkpoint.digest(),
                            FLOAT32,
                            device,
                            manager);
                });
    }

    /** Makes a model with a manager of its own, which is closed if that fails. */
    private static NowcastModel owning(DeviceName device, String files, Making making) {
        PtNDManager manager = PyTorch.newManager(PyTorch.device(device));
        try {
            return making.make(manager);
        } catch (CheckpointException | LayoutException | IOException problem) {
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

    private static NowcastModel written(
            RecognisedNetwork recognised,
            String digest,
            PrecisionCheck.Choice precision,
            DeviceName device,
            PtNDManager manager)
            throws IOException {
        RecurrentNetwork network = recognised.network();
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        TorchScriptWriter.write(
                network,
                Processor.kernels(device, precision.format()),
                precision.format(),
                archive);
        PtSymbolBlock module =
                JniUtils.loadModule(
                        manager, new ByteArrayInputStream(archive.toByteArray()), true, false);
        ModelFacts facts =
                new ModelFacts(
                        recognised.layout(),
                        digest,
                        recognised.parameters(),
                        network.outputChannels(),
                        network.gridMultiple(),
                        network.onlyGrid(),
                        false,
                        precision.facts(),
                        footprint(network));
        return new TorchScriptModel(manager, module, facts, true);
    }

    private static Footprint footprint(RecurrentNetwork network) {
        Sight sight = Sight.of(network);
        return new Footprint(
                Optional.of(WorkingMemory.of(network)::bytes),
                Optional.of(
                        new Footprint.Sight(
                                sight.once(),
                                sight.everyStep(),
                                sight.bounded(),
                                sight.wholeGrid())));
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
