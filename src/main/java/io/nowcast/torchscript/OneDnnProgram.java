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
        return convolution(
                weight,
                bias,
                geometry(
                        convolution.rowPadding(),
                        convolution.columnPadding(),
                        convolution.stride()),
                input,
                function);
    }

    /** The expression of a transposed convolution of {@code input}. */
    String transposed(
            SubPixel subPixel, String weight, String bias, String input, String function) {
        Convolution convolution = subPixel.convolution();
        int stride = convolution.stride();
        String phases =
                convolution(
                        weight,
                        bias,
                        geometry(subPixel.rowPadding(), subPixel.columnPadding(), 1),
                        input,
                        function);
        return "torch.narrow(torch.narrow(torch.pixel_shuffle(%s, %s), 2, %s, %s), 3, %s, %s)"
                .formatted(
                        phases,
                        stride,
                        convolution.rowPadding(),
                        "torch.mul(torch.size(%s, 2), %s)".formatted(input, stride),
                        convolution.columnPadding(),
                        "torch.mul(torch.size(%s, 3), %s)".formatted(input, stride));
    }

    private String convolution(
            String weight, String bias, String geometry, String input, String function) {
        String features = module.let("torch.contiguous(%s, memory_format=2)".formatted(input));
        return "ops.mkldnn._convolution_pointwise(%s, %s, %s, %s, \"%s\", [], \"\")"
                .formatted(
                        features, inItsOrder(weight, geometry, features), bias, geometry, function);
    }

    private static String geometry(int rowPadding, int columnPadding, int stride) {
        return "[%s, %s], [%s, %s], [1, 1], 1".formatted(rowPadding, columnPadding, stride, stride);
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
