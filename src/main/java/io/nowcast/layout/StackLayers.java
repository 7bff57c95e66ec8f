package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Convolution;
import io.nowcast.network.Layer;
import io.nowcast.network.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The layers around a bare stack of cells: a stem that each frame goes through before it, and a
 * head that reads its states. The manifest names them where the keys leave it open.
 */
final class StackLayers {

    /** What the role of a head's tensors begins with. */
    static final String HEAD = "head";

    private static final String STEM = "stem";
    private static final String NONE = "none";

    /** Words of a layer's name that tell that it stands before the stack. */
    private static final Set<String> BEFORE =
            Set.of("in", "input", "embed", "embedding", "encoder", "first", "pre", "stem");

    /** Words that tell that it stands behind; "fc", "linear" and "dense" tell nothing. */
    private static final Set<String> BEHIND =
            Set.of("head", "out", "output", "readout", "decoder", "predict", "prediction", "last");

    private static final String SEVERAL =
            ", or several layers from the first to the last, separated by commas; network.stem names those that stand before the stack";

    /** The slope that {@code nn.LeakyReLU} has unless told otherwise. */
    private static final double USUAL_SLOPE = 0.01;

    private static final Map<String, Activation> ACTIVATIONS =
            Map.of(
                    NONE,
                    new Activation.Identity(),
                    "gelu",
                    new Activation.Gelu(),
                    "leaky-relu",
                    new Activation.LeakyRelu(USUAL_SLOPE),
                    "relu",
                    new Activation.Relu(),
                    "sigmoid",
                    new Activation.Sigmoid(),
                    "tanh",
                    new Activation.Tanh());

    private final Weights weights;
    private final Choices choices;
    private final int stackChannels;
    private final List<String> left = new ArrayList<>();
    private final List<String> before;

    /**
     * Takes what no cell has taken for layers.
     *
     * @param stackChannels what the first cell reads
     */
    StackLayers(Weights weights, Choices choices, int stackChannels) {
        this.weights = weights;
        this.choices = choices;
        this.stackChannels = stackChannels;
        for (String key : weights.left()) {
            if (weights.rank(key) >= 2) {
                left.add(key.endsWith(".weight") ? key.substring(0, key.lastIndexOf('.')) : key);
            }
        }
        this.before = choices.some(STEM, left);
        left.removeAll(before);
    }

    /** Channels of a frame. */
    int inputChannels() {
        return before.isEmpty() ? stackChannels : weights.size(before.getFirst() + ".weight", 1);
    }

    /** What a frame goes through before it meets the stack, an activation behind each layer. */
    List<Layer> stem() {
        List<Layer> layers = new ArrayList<>();
        int inputs = inputChannels();
        for (String name : before) {
            boolean last = name.equals(before.getLast());
            int outputs = last ? stackChannels : weights.size(name + ".weight", 0);
            layers.add(weights.same(STEM, name, outputs, inputs));
            inputs = outputs;
            layers.add(new Layer.Activate(choices.among("stem-activation", ACTIVATIONS)));
        }
        return layers;
    }

    /**
     * The read-out: one layer, or several one behind the other. None left over leaves the hidden
     * state as the answer. One layer left over is taken without asking unless it may as well stand
     * before the stack.
     *
     * @param channels of the states
     */
    List<Layer> head(int channels) {
        List<String> candidates = new ArrayList<>(left);
        Optional<String> only =
                switch (candidates.size()) {
                    case 0 -> Optional.of(NONE);
                    case 1 ->
                            Optional.of(candidates.getFirst())
                                    .filter(name -> !before.isEmpty() || isHead(name));
                    default -> Optional.empty();
                };
        candidates.add(NONE);
        List<String> names = choices.some(HEAD, candidates, only, left.size() > 1 ? SEVERAL : "");
        List<Layer> layers = new ArrayList<>();
        Activation ofState = choices.among("state-activation", ACTIVATIONS, NONE);
        if (!(ofState instanceof Activation.Identity)) {
            layers.add(new Layer.Activate(ofState));
        }
        if (choices.open(HEAD)) {
            candidates.forEach(weights::setAside);
        } else if (!names.contains(NONE)) {
            layers.addAll(readOut(names, channels));
        }
        layers.add(new Layer.Activate(choices.among("head-activation", ACTIVATIONS, NONE)));
        List<Integer> channel = choices.integers("channel");
        if (channel.size() > 1) {
            choices.mistake("network.channel is one integer, got " + channel);
        }
        channel.stream().findFirst().map(Layer.Channel::new).ifPresent(layers::add);
        return layers;
    }

    private List<Layer> readOut(List<String> names, int channels) {
        List<Layer> layers = new ArrayList<>();
        int inputs = channels;
        for (String name : names) {
            if (!layers.isEmpty()) {
                layers.add(new Layer.Activate(choices.among("head-between", ACTIVATIONS)));
            }
            Convolution layer = weights.has(name) ? bare(name, inputs) : layer(name, inputs);
            layers.add(layer);
            inputs = layer.outputChannels();
        }
        return layers;
    }

    /** A layer that reads and gives what the stack reads fits on both sides of it. */
    private boolean isHead(String name) {
        String key = weights.has(name) ? name : name + ".weight";
        boolean fitsBefore =
                weights.size(key, 0) == stackChannels && weights.size(key, 1) == stackChannels;
        return fitsBefore ? tells(name, BEHIND) : !tells(name, BEFORE);
    }

    /** Whether the last step of a name that is no number has one of some words. */
    private static boolean tells(String name, Set<String> words) {
        String last =
                Stream.of(name.toLowerCase(Locale.ROOT).split("\\."))
                        .filter(step -> !step.chars().allMatch(Character::isDigit))
                        .reduce("", (before, step) -> step);
        return Stream.of(last.split("[_0-9]+")).anyMatch(words::contains);
    }

    private Convolution layer(String name, int channels) {
        return weights.same(HEAD, name, weights.size(name + ".weight", 0), channels);
    }

    /** A parameter of its own, perhaps with a bias beside it. */
    private Convolution bare(String name, int channels) {
        BareMatrix matrix = new BareMatrix(weights, choices, name);
        int outputs = matrix.outputs();
        WeightTensor weight = matrix.filter(HEAD, outputs, channels);
        Optional<WeightTensor> bias =
                choices.text("head-bias").map(key -> weights.take(HEAD + ", bias", key, outputs));
        return Convolution.same(weight, bias);
    }
}
