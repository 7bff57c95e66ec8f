package io.nowcast.torchscript;

import io.nowcast.network.Activation;
import io.nowcast.network.Convolution;
import io.nowcast.network.Layer;
import io.nowcast.network.WeightTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes feed-forward layers. Each tensor is added to the module once, however often its layer is
 * written.
 */
final class LayerProgram {

    private final ModuleBuilder module;
    private final OneDnnProgram oneDnn;
    private final Map<StoredTensor, String> tensors = new HashMap<>();
    private final Map<Convolution, SubPixel> subPixels = new HashMap<>();

    LayerProgram(ModuleBuilder module) {
        this.module = module;
        this.oneDnn = new OneDnnProgram(module);
    }

    /** The expression that reads a tensor. */
    String tensor(WeightTensor tensor) {
        return tensor(tensor, NumberFormat.FLOAT32);
    }

    private String tensor(WeightTensor tensor, NumberFormat format) {
        return tensors.computeIfAbsent(
                new StoredTensor(tensor, format), _ -> module.tensor(tensor, format));
    }

    /** Applies the layers in order to {@code input} and returns the name of the result. */
    String apply(List<? extends Layer> layers, String input) {
        String features = input;
        boolean owned = false;
        for (Layer layer : layers) {
            features = module.let(expression(layer, features, owned));
            owned = makesTensor(layer) || (owned && layer instanceof Layer.Activate);
        }
        return features;
    }

    /** Whether a layer's result shares no memory with its input, so that it may be overwritten. */
    private static boolean makesTensor(Layer layer) {
        return switch (layer) {
            case Convolution _,
                    Layer.Channel _,
                    Layer.GroupNorm _,
                    Layer.LayerNorm _,
                    Layer.Scale _ ->
                    true;
            case Layer.Activate _, Layer.SpaceToDepth _, Layer.DepthToSpace _ -> false;
        };
    }

    private String expression(Layer layer, String input, boolean owned) {
        return switch (layer) {
            case Convolution convolution -> convolution(convolution, input);
            case Layer.Activate(Activation activation) ->
                    owned ? inPlace(activation, input) : activated(activation, input);
            case Layer.Scale(double factor) -> "torch.mul(%s, %s)".formatted(input, factor);
            // A copy: a view, kept as a frame of the forecast, would keep all channels.
            case Layer.Channel(int index) ->
                    "torch.clone(torch.narrow(%s, 1, %s, 1))".formatted(input, index);
            case Layer.GroupNorm(int groups, WeightTensor weight, WeightTensor bias, double e) ->
                    "torch.group_norm(%s, %s, %s, %s, %s)"
                            .formatted(input, groups, tensor(weight), tensor(bias), e);
            case Layer.LayerNorm(WeightTensor weight, WeightTensor bias, double e) ->
                    "torch.layer_norm(%s, [%s, %s, %s], %s, %s, %s)"
                            .formatted(
                                    input,
                                    weight.size(0),
                                    weight.size(1),
                                    weight.size(2),
                                    tensor(weight),
                                    tensor(bias),
                                    e);
            case Layer.SpaceToDepth(int block) ->
                    "torch.contiguous(torch.pixel_unshuffle(%s, %s), memory_format=2)"
                            .formatted(input, block);
            case Layer.DepthToSpace(int block) ->
                    "torch.pixel_shuffle(%s, %s)".formatted(input, block);
        };
    }

    /** A convolution: a float32 tensor that nothing else reads. */
    String convolution(Convolution convolution, String input) {
        return switch (module.kernels()) {
            case PORTABLE -> portable(convolution, input);
            case ONEDNN -> oneDnn(convolution, input, "none");
        };
    }

    /** The sigmoid of a convolution: a tensor that nothing else reads. */
    String sigmoid(Convolution convolution, String input) {
        return switch (module.kernels()) {
            case PORTABLE -> "torch.sigmoid_(%s)".formatted(portable(convolution, input));
            case ONEDNN ->
                    module.format() == NumberFormat.FLOAT32
                            ? oneDnn(convolution, input, "sigmoid")
                            : "torch.sigmoid_(%s)".formatted(oneDnn(convolution, input, "none"));
        };
    }

    /** Features of a convolution, in its format, side by side. */
    String joined(String first, String second) {
        return "torch.cat([%s, %s], 1)".formatted(reduced(first), reduced(second));
    }

    private String oneDnn(Convolution convolution, String input, String function) {
        if (convolution.transposed()) {
            SubPixel subPixel = subPixels.computeIfAbsent(convolution, SubPixel::of);
            return widened(
                    oneDnn.transposed(
                            subPixel,
                            tensor(subPixel.weight(), module.format()),
                            bias(subPixel.bias()),
                            reduced(input),
                            function));
        }
        return widened(
                oneDnn.convolution(
                        convolution,
                        tensor(convolution.weight(), module.format()),
                        bias(convolution.bias()),
                        reduced(input),
                        function));
    }

    private String portable(Convolution convolution, String input) {
        return widened(
                portable(
                        convolution,
                        reduced(input),
                        tensor(convolution.weight(), module.format()),
                        bias(convolution.bias())));
    }

    private String bias(Optional<WeightTensor> bias) {
        return bias.map(values -> tensor(values, module.format())).orElse("None");
    }

    /** Features in the format of convolutions; they themselves where they are already. */
    private String reduced(String features) {
        return in(module.format(), features);
    }

    /** What a convolution gave, in float32. */
    private String widened(String features) {
        return in(NumberFormat.FLOAT32, features);
    }

    private String in(NumberFormat format, String features) {
        return module.format() == NumberFormat.FLOAT32
                ? features
                : "torch.to(%s, %s)".formatted(features, format.torchType());
    }

    private static String portable(
            Convolution convolution, String input, String weight, String bias) {
        int stride = convolution.stride();
        String geometry =
                "[%s, %s], [%s, %s]"
                        .formatted(
                                stride,
                                stride,
                                convolution.rowPadding(),
                                convolution.columnPadding());
        return convolution.transposed()
                ? "torch.conv_transpose2d(%s, %s, %s, %s, [%s, %s])"
                        .formatted(
                                input,
                                weight,
                                bias,
                                geometry,
                                convolution.outputRowPadding(),
                                convolution.outputColumnPadding())
                : "torch.conv2d(%s, %s, %s, %s)".formatted(input, weight, bias, geometry);
    }

    /** The activation of a tensor that something else may read. */
    private static String activated(Activation activation, String input) {
        return switch (activation) {
            case Activation.Identity() -> input;
            case Activation.Relu() -> "torch.relu(%s)".formatted(input);
            case Activation.LeakyRelu(double slope) ->
                    "torch.leaky_relu(%s, %s)".formatted(input, slope);
            case Activation.Elu() -> "torch.elu(%s)".formatted(input);
            case Activation.Gelu() -> "torch.gelu(%s)".formatted(input);
            case Activation.Tanh() -> "torch.tanh(%s)".formatted(input);
            case Activation.Sigmoid() -> "torch.sigmoid(%s)".formatted(input);
        };
    }

    /** The activation of a tensor that nothing else reads: it may be overwritten. */
    static String inPlace(Activation activation, String input) {
        return switch (activation) {
            case Activation.Identity() -> input;
            case Activation.Relu() -> "torch.relu_(%s)".formatted(input);
            case Activation.LeakyRelu(double slope) ->
                    "torch.leaky_relu_(%s, %s)".formatted(input, slope);
            case Activation.Elu() -> "torch.elu_(%s)".formatted(input);
            case Activation.Gelu() -> "torch.gelu_(%s)".formatted(input);
            case Activation.Tanh() -> "torch.tanh_(%s)".formatted(input);
            case Activation.Sigmoid() -> "torch.sigmoid_(%s)".formatted(input);
        };
    }
}
