package io.nowcast.layout;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of a bare stack of cells and the {@linkplain StackLayers layers around it}: how it
 * is driven through time. No key tells, so the manifest does.
 */
final class StackForecast {

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

    private RecurrentNetwork driven(int stackChannels, List<SequenceNetwork.Level> levels) {
        StackLayers layers = new StackLayers(weights, choices, stackChannels);
        List<Layer> stem = layers.stem();
        List<Layer> head = layers.head(levels.getLast().hiddenChannels());
        int inputChannels = layers.inputChannels();
        Drive drive = choices.among("forecast", DRIVES);
        boolean bidirectional = levels.stream().anyMatch(level -> level.backward().isPresent());
        if (bidirectional && (drive == Drive.CLOSED_LOOP || drive == Drive.REPEAT_LAST)) {
            choices.mistake(
                    "a bidirectional network needs the whole sequence: network.forecast is per-frame or all-at-once");
            drive = Drive.PER_FRAME;
        }
        boolean wholeSequence = bidirectional || drive == Drive.ALL_AT_ONCE;
        if (wholeSequence && !stem.isEmpty()) {
            choices.mistake(
                    "network.stem goes with a network of one direction that is not all-at-once");
        }
        boolean headless = head.stream().noneMatch(Convolution.class::isInstance);
        if (choices.open(StackLayers.HEAD) && drive == Drive.CLOSED_LOOP) {
            // The state stands in for the prediction, which would have to fit the input.
            drive = Drive.PER_FRAME;
        }
        boolean told = !choices.open(StackLayers.HEAD) && !choices.open("forecast");
        if (drive == Drive.ALL_AT_ONCE && headless && told) {
            choices.mistake(
                    "network.forecast all-at-once needs a head whose channels are the steps: without one they are the state's");
        }
        return switch (drive) {
            case CLOSED_LOOP -> stepwise(inputChannels, stem, levels, head, new Feed.Prediction());
            case REPEAT_LAST ->
                    stepwise(
                            inputChannels,
                            stem,
                            levels,
                            head,
                            new Feed.LastFrame(choices.integers("effective-steps")));
            case PER_FRAME ->
                    bidirectional
                            ? new SequenceNetwork(
                                    inputChannels, levels, head, SequenceNetwork.Answer.PER_FRAME)
                            : stepwise(
                                    inputChannels, stem, levels, head, new Feed.ObservedFrames());
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
            int inputChannels,
            List<Layer> stem,
            List<SequenceNetwork.Level> levels,
            List<Layer> head,
            Feed feed) {
        Features features = new Features.Frame();
        if (!stem.isEmpty()) {
            features = new Features.Through(features, stem);
        }
        for (SequenceNetwork.Level level : levels) {
            features = Features.Recurrent.fromZero(features, level.forward());
        }
        Optional<Features> observer =
                feed instanceof Feed.ObservedFrames ? Optional.empty() : Optional.of(features);
        return new StepwiseNetwork(
                inputChannels, observer, features, feed, new ReadOut.Direct(head));
    }
}
