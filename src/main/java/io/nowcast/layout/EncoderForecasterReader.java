package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Cell;
import io.nowcast.network.Convolution;
import io.nowcast.network.Features;
import io.nowcast.network.Feed;
import io.nowcast.network.Layer;
import io.nowcast.network.ReadOut;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.StepwiseNetwork;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Encoder-forecasters (Shi et al. 2015, arXiv:1506.04214, and 2017, arXiv:1706.03458) whose stages
 * are named {@code stageK.NAME} and whose cells {@code rnnK}, K from 1, the finest. A stage's layer
 * is transposed if its name has {@code deconv} in it, and followed by a ReLU if it has {@code
 * relu}, else by a leaky ReLU of slope 0.2 if it has {@code leaky}: {@code make_layers} of the
 * originals.
 *
 * <p>Strides are no keys: they are those of the public configurations, told by kernel and place,
 * with their paddings, unless the manifest gives {@code strides}, one for each stage of the
 * encoder. Of those that it gives, several paddings may divide the grid alike: then it must give
 * {@code paddings} too.
 */
final class EncoderForecasterReader {

    private final Weights weights;
    private final String forecaster;
    private final Choices choices;
    private final List<Integer> strides;
    private final List<Integer> paddings;
    private final int levels;

    EncoderForecasterReader(Weights weights, Choices choices, String forecaster) {
        this.weights = weights;
        this.forecaster = forecaster;
        this.choices = choices;
        this.levels = levels(weights.keys());
        this.strides = eachStage(choices, "strides", 1);
        this.paddings = eachStage(choices, "paddings", 0);
        if (strides.isEmpty() && !paddings.isEmpty()) {
            choices.mistake("network.paddings are beside network.strides, which are not given");
        }
    }

    /** A number for each stage of the encoder; none where the manifest gives none. */
    private List<Integer> eachStage(Choices choices, String name, int least) {
        List<Integer> numbers = choices.integers(name);
        boolean fit =
                numbers.size() == levels && numbers.stream().allMatch(number -> number >= least);
        if (!numbers.isEmpty() && !fit) {
            choices.mistake(
                    "network.%s has %s, expected one from %d for each of the %d stages"
                            .formatted(name, numbers, least, levels));
        }
        return fit ? numbers : List.of();
    }

    private static int levels(Set<String> keys) {
        Set<String> stages =
                keys.stream()
                        .filter(key -> key.startsWith("encoder.stage"))
                        .map(key ->
                                key.substring(
                                        0, Math.max(0, key.indexOf('.', "encoder.".length()))))
                        .collect(Collectors.toSet());
        return KeyPattern.count(stages, level -> "encoder.stage" + (level + 1));
    }

    /** Reads the cell with a key; without input where it is the forecaster's topmost. */
    interface CellReader {
        Cell read(String key, int inputChannels, boolean takesInput);
    }

    RecurrentNetwork read(CellReader cells) {
        List<Features.Recurrent> encoded = new ArrayList<>();
        Features features = new Features.Frame();
        int channels = frameChannels();
        int first = channels;
        for (int level = 1; level <= levels; level++) {
            List<Layer> stage = stage("encoder", level, channels);
            features = stage.isEmpty() ? features : new Features.Through(features, stage);
            Cell cell = cells.read("encoder.rnn" + level, outputs(stage, channels), true);
            Features.Recurrent memory = Features.Recurrent.fromZero(features, cell);
            encoded.add(memory);
            features = memory;
            channels = cell.hiddenChannels();
        }
        Optional<Features> unfolded = Optional.empty();
        for (int level = levels; level >= 1; level--) {
            Cell cell = cells.read(forecaster + ".rnn" + level, channels, unfolded.isPresent());
            Features.Recurrent memory =
                    Features.Recurrent.startingFrom(encoded.get(level - 1), unfolded, cell);
            List<Layer> stage = stage(forecaster, level, cell.hiddenChannels());
            unfolded = Optional.of(new Features.Through(memory, stage));
            channels = outputs(stage, cell.hiddenChannels());
        }
        return new StepwiseNetwork(
                first,
                Optional.of(features),
                unfolded.orElseThrow(),
                new Feed.Nothing(),
                new ReadOut.Direct(List.of()));
    }

    private int frameChannels() {
        List<String> names = layerNames("encoder", 1);
        return names.isEmpty() ? 1 : weights.size(names.getFirst() + ".weight", 1);
    }

    private static int outputs(List<Layer> stage, int channels) {
        int outputs = channels;
        for (Layer layer : stage) {
            if (layer instanceof Convolution convolution) {
                outputs = convolution.outputChannels();
            }
        }
        return outputs;
    }

    private List<Layer> stage(String half, int level, int inputs) {
        List<Layer> layers = new ArrayList<>();
        int channels = inputs;
        for (String key : layerNames(half, level)) {
            String name = key.substring(key.lastIndexOf('.') + 1);
            Convolution convolution = convolution(half, level, key, name, channels);
            layers.add(convolution);
            channels = convolution.outputChannels();
            if (name.contains("relu")) {
                layers.add(new Layer.Activate(new Activation.Relu()));
            } else if (name.contains("leaky")) {
                layers.add(new Layer.Activate(new Activation.LeakyRelu(0.2)));
            }
        }
        return layers;
    }

    private Convolution convolution(String half, int level, String key, String name, int channels) {
        int kernel = weights.size(key + ".weight", 2);
        boolean transposed = name.contains("deconv");
        int stride = stride(half, level, kernel, transposed);
        int padding = padding(level, key, kernel, stride, transposed);
        return transposed
                ? weights.transposedConvolution(
                        key,
                        key,
                        channels,
                        weights.size(key + ".weight", 1),
                        kernel,
                        stride,
                        padding)
                : weights.convolution(
                        key,
                        key,
                        weights.size(key + ".weight", 0),
                        channels,
                        kernel,
                        stride,
                        padding);
    }

    private int stride(String half, int level, int kernel, boolean transposed) {
        boolean encoder = half.equals("encoder");
        if (!encoder && !transposed) {
            return 1;
        }
        if (!strides.isEmpty()) {
            return strides.get(level - 1);
        }
        return switch (kernel) {
            case 3 -> level > 1 ? 2 : 1;
            case 4 -> 2;
            case 5 -> 3;
            case 7 -> 5;
            default -> 1;
        };
    }

    /**
     * Padding p divides a side by s exactly where k - s ≤ 2p < k. A transposed layer of the
     * originals multiplies it exactly where 2p = k - s.
     */
    private int padding(int level, String key, int kernel, int stride, boolean transposed) {
        int least = Math.max(0, kernel - stride + 1) / 2;
        int most = (kernel - 1) / 2;
        if (transposed && kernel - stride != 2 * least) {
            choices.mistake(
                    "'%s' has a kernel of %d, which cannot enlarge the grid by exactly its stride of %d"
                            .formatted(key, kernel, stride));
        }
        if (transposed || strides.isEmpty() || !key.startsWith("encoder.")) {
            return least;
        }
        if (paddings.isEmpty()) {
            if (least < most) {
                choices.ask(
                        "paddings",
                        "<one for each stage of the encoder, %d to %d for '%s'>"
                                .formatted(least, most, key));
            }
            return least;
        }
        int padding = paddings.get(level - 1);
        if (padding < least || padding > most) {
            choices.mistake(
                    "network.paddings has %s, expected %d to %d for '%s'"
                            .formatted(paddings, least, most, key));
            return least;
        }
        return padding;
    }

    /**
     * The layers of a stage in the order of their definition: that of the file; where the file has
     * none, transposed ones first, then by the number that ends the name.
     */
    private List<String> layerNames(String half, int level) {
        String prefix = half + ".stage" + level + ".";
        Set<String> names = new LinkedHashSet<>();
        for (String key : weights.keys()) {
            if (key.startsWith(prefix) && key.endsWith(".weight")) {
                names.add(key.substring(0, key.length() - ".weight".length()));
            }
        }
        Comparator<String> byName =
                Comparator.comparing((String name) -> !name.contains("deconv"))
                        .thenComparing(
                                name -> name.substring(name.lastIndexOf('_') + 1),
                                Comparator.comparingInt(String::length)
                                        .thenComparing(Comparator.naturalOrder()))
                        .thenComparing(Comparator.naturalOrder());
        return weights.sorted() ? names.stream().sorted(byName).toList() : List.copyOf(names);
    }
}
