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
import java.util.stream.IntStream;

/**
 * Encoder-forecasters (Shi et al. 2015, arXiv:1506.04214, and 2017, arXiv:1706.03458) whose stages
 * are named {@code stageK.NAME} and whose cells {@code rnnK}, K from 1, the finest. A stage's layer
 * is transposed if its name has {@code deconv} in it, and followed by a ReLU if it has {@code
 * relu}, else by a leaky ReLU of slope 0.2 if it has {@code leaky}: {@code make_layers} of the
 * originals.
 */
final class EncoderForecasterReader {

    private final Weights weights;
    private final String forecaster;
    private final int levels;
    private final StageStrides strides;

    EncoderForecasterReader(Weights weights, Choices choices, String forecaster) {
        this.weights = weights;
        this.forecaster = forecaster;
        this.levels = levels(weights.keys());
        this.strides =
                new StageStrides(weights, choices, layerNames("encoder"), layerNames(forecaster));
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
            Convolution convolution = convolution(level, key, channels);
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

    private Convolution convolution(int level, String key, int channels) {
        String weight = key + ".weight";
        int kernel = weights.size(weight, 2);
        int stride = strides.stride(level, key);
        int padding = strides.padding(key, stride);
        return StageStrides.isTransposed(key)
                ? weights.transposedConvolution(
                        key, key, channels, weights.size(weight, 1), kernel, stride, padding)
                : weights.convolution(
                        key, key, weights.size(weight, 0), channels, kernel, stride, padding);
    }

    /** The layers of each stage of a half. */
    private List<List<String>> layerNames(String half) {
        return IntStream.rangeClosed(1, levels).mapToObj(level -> layerNames(half, level)).toList();
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
