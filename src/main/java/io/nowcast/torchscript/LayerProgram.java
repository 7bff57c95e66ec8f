package io.nowcast.torchscript;

import io.nowcast.network.Activation;
import io.nowcast.network.Convolution;
import io.nowcast.network.Layer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes feed-forward layers. Each tensor is added to the module once, however often its layer is
 * written.
 */
final class LayerProgram {

    private final ModuleBuilder module;
    private final Map<Convolution, String> arguments = new HashMap<>();

    LayerProgram(ModuleBuilder module) {
        this.module = module;
    }

    /** Applies the layers in order to {@code input} and returns the name of the result. */
    String apply(List<Layer> layers, String input) {
        String features = input;
        for (Layer layer : layers) {
            features = module.let(expression(layer, features));
        }
        return features;
    }

    private String expression(Layer layer, String input) {
        return switch (layer) {
            case Convolution convolution -> convolution(convolution, input);
            case Layer.Activate(Activation activation) -> activation(activation, input);
            case Layer.SpaceToDepth(int block) ->
                    "torch.contiguous(torch.pixel_unshuffle(%s, %d), memory_format=2)"
                            .formatted(input, block);
            case Layer.DepthToSpace(int block) ->
                    "torch.pixel_shuffle(%s, %d)".formatted(input, block);
        };
    }

    String convolution(Convolution convolution, String input) {
        String parameters = arguments.computeIfAbsent(convolution, this::parameters);
        String form =
                convolution.transposed()
                        ? "torch.conv_transpose2d(%s, %s)"
                        : "torch.conv2d(%s, %s)";
        return form.formatted(input, parameters);
    }

    private String parameters(Convolution convolution) {
        String weight = module.tensor(convolution.weight());
        String bias = convolution.bias().map(module::tensor).orElse("None");
        int stride = convolution.stride();
        int padding = convolution.padding();
        return "%s, %s, [%d, %d], [%d, %d]"
                .formatted(weight, bias, stride, stride, padding, padding);
    }

    /** The activation of a tensor that nothing else reads: it may be overwritten. */
    static String activation(Activation activation, String input) {
        return switch (activation) {
            case Activation.LeakyRelu(double slope) ->
                    "torch.leaky_relu_(%s, %s)".formatted(input, slope);
            case Activation.Tanh() -> "torch.tanh_(%s)".formatted(input);
        };
    }
}
