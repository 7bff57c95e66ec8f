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
import io.nowcast.model.WeightsLoader;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.Sight;
import io.nowcast.network.WorkingMemory;
import io.nowcast.torchscript.TorchScriptWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Loads models into DJL's PyTorch engine: a checkpoint is rewritten as TorchScript, a TorchScript
 * module runs as it is.
 */
@Component
final class DjlModelLoader implements ModelLoader, WeightsLoader {

    @Override
    public List<DeviceName> devices(String configured) {
        int gpus = PyTorch.engine().getGpuCount();
        if (configured.equals("auto")) {
            return gpus == 0
                    ? List.of(DeviceName.CPU)
                    : IntStream.range(0, gpus).mapToObj(DjlModelLoader::cuda).toList();
        }
        List<DeviceName> devices;
        try {
            devices =
                    Stream.of(configured.split(",", -1))
                            .map(String::strip)
                            .map(DeviceName::parse)
                            .distinct()
                            .toList();
        } catch (IllegalArgumentException problem) {
            throw new ModelException("nowcast.devices: " + problem.getMessage(), problem);
        }
        for (DeviceName device : devices) {
            if (device.isCuda() && device.index() >= gpus) {
                throw new ModelException(
                        "nowcast.devices asks for %s, but the engine sees %d CUDA devices"
                                .formatted(device, gpus));
            }
        }
        return devices;
    }

    private static DeviceName cuda(int index) {
        return new DeviceName("cuda", index);
    }

    @Override
    public NowcastModel load(ModelFolder folder, Placement placement) {
        ModelManifest manifest = folder.manifest();
        PyTorch.computeWith(placement.threads());
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
                    return written(recognised, checkpoint.digest(), manager);
                });
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
                            manager);
                });
    }

    /** Makes a model with a manager of its own, which is closed if that fails. */
    private static NowcastModel owning(DeviceName device, String files, Making making) {
        PtNDManager manager = PyTorch.newManager(device);
        try {
            return making.make(manager);
        } catch (CheckpointException | LayoutException | EngineException | IOException problem) {
            manager.close();
            throw new ModelException(files + ": " + problem.getMessage(), problem);
        } catch (RuntimeException problem) {
            manager.close();
            throw problem;
        }
    }

    private interface Making {
        NowcastModel make(PtNDManager manager) throws IOException;
    }

    private static NowcastModel written(
            RecognisedNetwork recognised, String digest, PtNDManager manager) throws IOException {
        RecurrentNetwork network = recognised.network();
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        TorchScriptWriter.write(network, archive);
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
                        "float32",
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
