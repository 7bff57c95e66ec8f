package io.nowcast.torchscript;

import io.nowcast.network.Convolution;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes convolutions as oneDNN has them. {@code torch.conv2d} asks oneDNN only from a certain size
 * and batch on, so that a forecast would depend on what shares its batch, and hands it weights that
 * oneDNN brings into its own order in every call; here that is done once a forecast.
 */
final class OneDnnProgram {

    private final ModuleBuilder module;
    private final Map<String, String> packed = new HashMap<>();

    OneDnnProgram(ModuleBuilder module) {
        this.module = module;
    }

    /**
     * The expression of a convolution of {@code input}.
     *
     * @param function what is applied to the sums: {@code none} or {@code sigmoid}
     */
    String convolution(
            Convolution convolution, String weight, String bias, String input, String function) {
        String features = module.let("torch.contiguous(%s, memory_format=2)".formatted(input));
        String geometry =
                "[%d, %d], %s[%d, %d], [1, 1], 1"
                        .formatted(
                                convolution.rowPadding(),
                                convolution.columnPadding(),
                                convolution.transposed() ? outputPadding(convolution) : "",
                                convolution.stride(),
                                convolution.stride());
        return convolution.transposed()
                ? "ops.mkldnn._convolution_transpose_pointwise(%s, %s, %s, %s, \"%s\", [], \"\")"
                        .formatted(features, weight, bias, geometry, function)
                : "ops.mkldnn._convolution_pointwise(%s, %s, %s, %s, \"%s\", [], \"\")"
                        .formatted(
                                features,
                                inItsOrder(weight, geometry, features),
                                bias,
                                geometry,
                                function);
    }

    private static String outputPadding(Convolution convolution) {
        return "[%d, %d], "
                .formatted(convolution.outputRowPadding(), convolution.outputColumnPadding());
    }

    /** The order depends on the input's shape, so the first step that meets the weight makes it. */
    private String inItsOrder(String weight, String geometry, String features) {
        String name = packed.get(weight);
        if (name == null) {
            name = module.before(weight);
            packed.put(weight, name);
        }
        module.statement("if ops.prim.is_mkldnn(%s):".formatted(name));
        module.statement("  pass");
        module.statement("else:");
        module.statement(
                "  %s = ops.mkldnn._reorder_convolution_weight(%s, %s, torch.size(%s))"
                        .formatted(name, weight, geometry, features));
        return name;
    }
}
