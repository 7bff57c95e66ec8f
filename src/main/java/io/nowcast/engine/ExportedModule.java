package io.nowcast.engine;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import io.nowcast.checkpoint.TorchScriptSignature;
import io.nowcast.checkpoint.WeightsDigest;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFacts;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.NowcastModel;
import java.io.IOException;
import java.util.List;

/**
 * A TorchScript module that its owner exported: {@code forward(frames)} or {@code forward(frames,
 * steps: int)}.
 */
final class ExportedModule {

    private ExportedModule() {}

    static NowcastModel load(ModelFolder folder, PtNDManager manager) throws IOException {
        TorchScriptSignature signature = TorchScriptSignature.read(folder.weights());
        List<String> types =
                signature.parameters().stream().map(TorchScriptSignature.Parameter::type).toList();
        boolean takesSteps = types.equals(List.of("Tensor", "int"));
        if (!takesSteps && !types.equals(List.of("Tensor"))) {
            throw new ModelException(
                    "a TorchScript model is forward(frames: Tensor) or forward(frames: Tensor, steps: int), this one is forward(%s)"
                            .formatted(String.join(", ", types)));
        }
        PtSymbolBlock module =
                JniUtils.loadModule(
                        manager, folder.weights(), true, new String[0], new String[0], false);
        JniUtils.enableInferenceMode(module);
        ModelFacts facts =
                new ModelFacts(
                        "torchscript",
                        WeightsDigest.of(folder.weights()),
                        parameters(module, manager),
                        folder.manifest().gridLimits().gridMultiple(),
                        !takesSteps,
                        "float32");
        return new TorchScriptModel(manager, module, facts, takesSteps);
    }

    private static long parameters(PtSymbolBlock module, PtNDManager manager) {
        try (var parameters = JniUtils.moduleGetParams(module, manager)) {
            return parameters.stream().mapToLong(parameter -> parameter.getShape().size()).sum();
        }
    }
}
