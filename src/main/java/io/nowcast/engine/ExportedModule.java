package io.nowcast.engine;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import io.nowcast.checkpoint.CheckpointFormat;
import io.nowcast.checkpoint.TorchScriptSignature;
import io.nowcast.checkpoint.WeightsDigest;
import io.nowcast.frames.GridShape;
import io.nowcast.model.Footprint;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFacts;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelManifest;
import io.nowcast.model.ModelPrecision;
import io.nowcast.model.NowcastModel;
import io.nowcast.model.PrecisionFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A TorchScript module that its owner exported: {@code forward(frames)} or {@code forward(frames,
 * steps: int)}.
 */
final class ExportedModule {

    private ExportedModule() {}

    /** Whether weights are a TorchScript module. */
    static boolean isOne(SequencedMap<String, Path> weights) {
        return weights.size() == 1
                && CheckpointFormat.detect(weights.firstEntry().getValue())
                        == CheckpointFormat.TORCHSCRIPT;
    }

    /** Loads a module on the grids and frames that its manifest promises. */
    static NowcastModel load(ModelFolder folder, PtNDManager manager) throws IOException {
        Path file = folder.weights().firstEntry().getValue();
        TorchScriptSignature signature = TorchScriptSignature.read(file);
        requireOwnPrecision(folder.manifest());
        requireTracedLength(signature, folder.manifest());
        return open(file, signature, 1, folder.manifest().gridLimits().gridMultiple(), manager);
    }

    /** Loads a module that has no manifest. */
    static NowcastModel open(Path file, PtNDManager manager) throws IOException {
        return open(file, TorchScriptSignature.read(file), 0, 1, manager);
    }

    private static NowcastModel open(
            Path file,
            TorchScriptSignature signature,
            int outputChannels,
            int gridMultiple,
            PtNDManager manager)
            throws IOException {
        List<String> types =
                signature.parameters().stream().map(TorchScriptSignature.Parameter::type).toList();
        boolean takesSteps = types.equals(List.of("Tensor", "int"));
        if (!takesSteps && !types.equals(List.of("Tensor"))) {
            throw new ModelException(
                    "a TorchScript model is forward(frames: Tensor) or forward(frames: Tensor, steps: int), this one is forward(%s)"
                            .formatted(String.join(", ", types)));
        }
        PtSymbolBlock module =
                JniUtils.loadModule(manager, file, true, new String[0], new String[0], false);
        JniUtils.enableInferenceMode(module);
        ModelFacts facts =
                new ModelFacts(
                        "torchscript",
                        WeightsDigest.of(file),
                        parameters(module, manager),
                        outputChannels,
                        gridMultiple,
                        tracedGrid(signature.tracedFrames()),
                        !takesSteps,
                        PrecisionFacts.FLOAT32,
                        Footprint.UNKNOWN);
        return new TorchScriptModel(manager, module, facts, takesSteps);
    }

    private static void requireOwnPrecision(ModelManifest manifest) {
        ModelPrecision precision = manifest.precision().orElse(ModelPrecision.DEFAULT);
        if (precision.asked() != ModelPrecision.Format.FLOAT32) {
            throw new ModelException(
                    "precision is %s, but a TorchScript module computes in the formats that it was exported with: leave it out, or serve the checkpoint"
                            .formatted(precision.asked()));
        }
    }

    /** A trace has baked in how many frames it reads: of more it would read the first ones. */
    private static void requireTracedLength(
            TorchScriptSignature signature, ModelManifest manifest) {
        List<Integer> frames = signature.tracedFrames();
        if (frames.size() == 5 && frames.get(1) != manifest.frames().input()) {
            throw new ModelException(
                    "the module was traced with %d frames, the manifest promises it %d"
                            .formatted(frames.get(1), manifest.frames().input()));
        }
    }

    /** A trace may have baked in the grid: only the one that it was made with is sure to work. */
    private static Optional<GridShape> tracedGrid(List<Integer> frames) {
        return frames.size() == 5
                ? Optional.of(new GridShape(frames.get(3), frames.get(4)))
                : Optional.empty();
    }

    private static long parameters(PtSymbolBlock module, PtNDManager manager) {
        try (var parameters = JniUtils.moduleGetParams(module, manager)) {
            return parameters.stream().mapToLong(parameter -> parameter.getShape().size()).sum();
        }
    }
}
