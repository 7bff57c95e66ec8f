package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Cell;
import io.nowcast.network.Convolution;
import io.nowcast.network.FeatureRows;
import io.nowcast.network.Features;
import io.nowcast.network.Feed;
import io.nowcast.network.Layer;
import io.nowcast.network.ReadOut;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.SequenceNetwork;
import io.nowcast.network.StepwiseNetwork;
import io.nowcast.network.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What becomes of a bare stack of cells: how it is driven through time and what reads its states.
 * No key tells, so the manifest does.
 */
final class StackForecast {

    /** What the role of a read-out's tensors begins with. */
    static final String HEAD = "head";

    private static final String NONE = "none";

    /** Words of a layer's name that tell that it stands before the stack. */
    private static final Set<String> BEFORE =
            Set.of("in", "input", "embed", "embedding", "encoder", "first", "pre", "stem");

    /** Words that tell that it stands behind; "fc", "linear" and "dense" tell nothing. */
    private static final Set<String> BEHIND =
            Set.of("head", "out", "output", "readout", "decoder", "predict", "prediction", "last");

    private static final Map<String, Activation> ACTIVATIONS =
            Map.of(
                    NONE,
                    new Activation.Identity(),
                    "relu",
                    new Activation.Relu(),
                    "sigmoid",
                    new Activation.Sigmoid(),
                    "tanh",
                    new Activation.Tanh());

    /** Whether the features of a vector series are the rows of its frames. */
    private static final Map<String, Boolean> FEATURES = Map.of("channels", false, "rows", true);

    private static final Map<String, Drive> DRIVES =
            Map.of(
                    "closed-loop", Drive.CLOSED_LOOP,
                    "per-frame", Drive.PER_FRAME,
                    "repeat-last", Drive.REPEAT_LAST,
                    "all-at-once", Drive.ALL_AT_ONCE);

    /** What of a bidirectional network's states its head reads: both have the same shape. */
    private static final Map<String, SequenceNetwork.Answer> SUMMARIES =
            Map.of(
                    "last-frame", SequenceNetwork.Answer.ALL_AT_ONCE,
                    "final-states", SequenceNetwork.Answer.FROM_FINAL_STATES);

    private enum Drive {
        CLOSED_LOOP,
        PER_FRAME,
        REPEAT_LAST,
        ALL_AT_ONCE
    }

    private final Weights weights;
    private final Choices choices;

    StackForecast(Weights weights, Choices choices) {
        this.weights = weights;
        this.choices = choices;
    }

    /** The network of a stack of one direction. */
    RecurrentNetwork of(int inputChannels, List<? extends Cell> cells) {
        return network(
                inputChannels,
                cells.stream()
                        .map(cell -> new SequenceNetwork.Level(cell, Optional.empty()))
                        .toList());
    }

    /** The network of a stack whose layers may run in both directions. */
    RecurrentNetwork network(int inputChannels, List<SequenceNetwork.Level> levels) {
        RecurrentNetwork driven = driven(inputChannels, levels);
        boolean rows = choices.among("features", FEATURES, "channels");
        return rows ? new FeatureRows(driven) : driven;
    }

    private RecurrentNetwork driven(int inputChannels, List<SequenceNetwork.Level> levels) {
        List<Layer> head = head(inputChannels, levels.getLast().hiddenChannels());
        Drive drive = choices.among("forecast", DRIVES);
        boolean bidirectional = levels.stream().anyMatch(level -> level.backward().isPresent());
        if (bidirectional && (drive == Drive.CLOSED_LOOP || drive == Drive.REPEAT_LAST)) {
            choices.mistake(
                    "a bidirectional network needs the whole sequence: network.forecast is per-frame or all-at-once");
            drive = Drive.PER_FRAME;
        }
        boolean headless = head.stream().noneMatch(Convolution.class::isInstance);
        if (choices.open(HEAD) && drive == Drive.CLOSED_LOOP) {
            // The state stands in for the prediction, which would have to fit the input.
            drive = Drive.PER_FRAME;
        }
        boolean told = !choices.open(HEAD) && !choices.open("forecast");
        if (drive == Drive.ALL_AT_ONCE && headless && told) {
            choices.mistake(
                    "network.forecast all-at-once needs a head whose channels are the steps: without one they are the state's");
        }
        return switch (drive) {
            case CLOSED_LOOP -> stepwise(inputChannels, levels, head, new Feed.Prediction());
            case REPEAT_LAST ->
                    stepwise(
                            inputChannels,
                            levels,
                            head,
                            new Feed.LastFrame(choices.integers("effective-steps")));
            case PER_FRAME ->
                    bidirectional
                            ? new SequenceNetwork(
                                    inputChannels, levels, head, SequenceNetwork.Answer.PER_FRAME)
                            : stepwise(inputChannels, levels, head, new Feed.ObservedFrames());
            case ALL_AT_ONCE ->
                    new SequenceNetwork(
                            inputChannels,
                            levels,
                            head,
                            bidirectional
                                    ? choices.among("head-reads", SUMMARIES)
                                    : SequenceNetwork.Answer.ALL_AT_ONCE);
        };
    }

    private static StepwiseNetwork stepwise(
            int inputChannels, List<SequenceNetwork.Level> levels, List<Layer> head, Feed feed) {
        Features features = new Features.Frame();
        for (SequenceNetwork.Level level : levels) {
            features = Features.Recurrent.fromZero(features, level.forward());
        }
        Optional<Features> observer =
                feed instanceof Feed.ObservedFrames ? Optional.empty() : Optional.of(features);
        return new StepwiseNetwork(
                inputChannels, observer, features, feed, new ReadOut.Direct(head));
    }

    /**
     * The read-out. None left over leaves the hidden state as the answer. One layer left over is
     * taken without asking unless it may as well stand before the stack.
     */
    private List<Layer> head(int inputChannels, int channels) {
        List<String> candidates = new ArrayList<>();
        for (String key : weights.left()) {
            if (weights.rank(key) >= 2) {
                candidates.add(
                        key.endsWith(".weight") ? key.substring(0, key.lastIndexOf('.')) : key);
            }
        }
        Optional<String> only =
                switch (candidates.size()) {
                    case 0 -> Optional.of(NONE);
                    case 1 ->
                            Optional.of(candidates.getFirst())
                                    .filter(name -> isHead(name, inputChannels));
                    default -> Optional.empty();
                };
        candidates.add(NONE);
        String name = choices.among(HEAD, candidates, only);
        List<Layer> layers = new ArrayList<>();
        Activation ofState = choices.among("state-activation", ACTIVATIONS, NONE);
        if (!(ofState instanceof Activation.Identity)) {
            layers.add(new Layer.Activate(ofState));
        }
        if (choices.open(HEAD)) {
            candidates.forEach(weights::setAside);
        } else if (!name.equals(NONE)) {
            layers.add(weights.has(name) ? bare(name, channels) : layer(name, channels));
        }
        layers.add(new Layer.Activate(choices.among("head-activation", ACTIVATIONS, NONE)));
        List<Integer> channel = choices.integers("channel");
        if (channel.size() > 1) {
            choices.mistake("network.channel is one integer, got " + channel);
        }
        channel.stream().findFirst().map(Layer.Channel::new).ifPresent(layers::add);
        return layers;
    }

    /** A layer that reads and gives what the stack reads fits on both sides of it. */
    private boolean isHead(String name, int inputChannels) {
        String key = weights.has(name) ? name : name + ".weight";
        boolean fitsBefore =
                weights.size(key, 0) == inputChannels && weights.size(key, 1) == inputChannels;
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
