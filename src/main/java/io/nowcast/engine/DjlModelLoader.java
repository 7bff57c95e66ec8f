package io.nowcast.engine;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.checkpoint.CheckpointException;
import io.nowcast.checkpoint.CheckpointFormat;
import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.checkpoint.RecognisedNetwork;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFacts;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelLoader;
import io.nowcast.model.NowcastModel;
import io.nowcast.torchscript.TorchScriptWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Loads models into DJL's PyTorch engine: a checkpoint is rewritten as TorchScript, a TorchScript
 * module runs as it is.
 */
@Component
final class DjlModelLoader implements ModelLoader {

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
    public NowcastModel load(ModelFolder folder, DeviceName device) {
        PtNDManager manager = PyTorch.newManager(device);
        try {
            return CheckpointFormat.detect(folder.weights()) == CheckpointFormat.TORCHSCRIPT
                    ? ExportedModule.load(folder, manager)
                    : loadCheckpoint(folder, manager);
        } catch (CheckpointException | EngineException | IOException problem) {
            manager.close();
            throw new ModelException(
                    folder.manifest().weights() + ": " + problem.getMessage(), problem);
        } catch (RuntimeException problem) {
            manager.close();
            throw problem;
        }
    }

    private static NowcastModel loadCheckpoint(ModelFolder folder, PtNDManager manager)
            throws IOException {
        Checkpoint checkpoint = CheckpointReader.read(folder.weights());
        RecognisedNetwork recognised =
                RecognisedNetwork.in(checkpoint, folder.manifest().choices());
        int channels = folder.manifest().inputChannels();
        if (recognised.network().inputChannels() != channels) {
            throw new ModelException(
                    "the network reads %d channels, but the manifest's scaling and missing data make %d"
                            .formatted(recognised.network().inputChannels(), channels));
        }
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        TorchScriptWriter.write(recognised.network(), archive);
        PtSymbolBlock module =
                JniUtils.loadModule(
                        manager, new ByteArrayInputStream(archive.toByteArray()), true, false);
        ModelFacts facts =
                new ModelFacts(
                        recognised.layout(),
                        checkpoint.digest(),
                        recognised.network().parameterCount(),
                        recognised.network().gridMultiple(),
                        false,
                        "float32");
        return new TorchScriptModel(manager, module, facts, true);
    }
}
