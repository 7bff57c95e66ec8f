package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Cell;
import io.nowcast.network.Convolution;
import io.nowcast.network.Gates;
import io.nowcast.network.GruResetAfter;
import io.nowcast.network.GruResetBefore;
import io.nowcast.network.Lstm;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.WeightTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A hand-written GRU or LSTM whose keys the manifest describes: one linear or convolutional layer
 * for each gate of input and state, {@code input.r: cells.{layer}.x_r} and so on, with {@code
 * {layer}} counting from 0. A key may also name a parameter of its own, with {@code bias.r} beside
 * it and {@code orientation} to say whether the network computes {@code x @ W}.
 */
final class DescribedLayout implements Layout {

    static final String NAME = "described";

    private static final String LAYER = "{layer}";
    private static final List<String> GRU_GATES = List.of("r", "z", "n");
    private static final List<String> LSTM_GATES = List.of("i", "f", "g", "o");

    @Override
    public String name() {
        return NAME;
    }

    /** Never by itself: it is what the manifest says. */
    @Override
    public boolean recognises(Set<String> keys) {
        return false;
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        boolean lstm = choices.among("cell", Map.of("gru", false, "lstm", true));
        Reading reading = new Reading(weights, choices, lstm ? LSTM_GATES : GRU_GATES);
        int layers = reading.layers();
        List<Cell> cells = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            cells.add(lstm ? reading.lstm(layer) : reading.gru(layer));
        }
        return new StackForecast(weights, choices).of(reading.inputs("input", 0), cells);
    }

    private static final class Reading {

        private final Weights weights;
        private final Choices choices;
        private final List<String> gates;
        private final Map<String, String> patterns = new HashMap<>();

        Reading(Weights weights, Choices choices, List<String> gates) {
            this.weights = weights;
            this.choices = choices;
            this.gates = gates;
            for (String gate : gates) {
                for (String source : List.of("input.", "hidden.")) {
                    String name = source + gate;
                    patterns.put(name, choices.text(name, "<key of gate " + gate + ">"));
                }
                choices.text("bias." + gate).ifPresent(key -> patterns.put("bias." + gate, key));
            }
        }

        int layers() {
            String pattern = pattern("input");
            return pattern.contains(LAYER)
                    ? KeyPattern.count(weights.keys(), layer -> stored(pattern, layer))
                    : 1;
        }

        private String pattern(String source) {
            return pattern(source, gates.getFirst());
        }

        private String pattern(String source, String gate) {
            return Objects.requireNonNull(patterns.get(source + "." + gate));
        }

        private static String key(String pattern, int layer) {
            return pattern.replace(LAYER, Integer.toString(layer));
        }

        private String stored(String pattern, int layer) {
            String key = key(pattern, layer);
            return weights.has(key) ? key : key + ".weight";
        }

        /** Channels that a gate's layer reads. */
        int inputs(String source, int layer) {
            String key = key(pattern(source), layer);
            return weights.has(key)
                    ? new BareMatrix(weights, choices, key).inputs()
                    : weights.size(key + ".weight", 1);
        }

        Cell lstm(int layer) {
            return Lstm.of(
                    Gates.of(part("input", layer, gates), part("hidden", layer, gates)),
                    Lstm.Order.IFGO);
        }

        Cell gru(int layer) {
            boolean after = choices.among("reset", Map.of("before", false, "after", true));
            boolean keeps = choices.among("update", Map.of("replaces", false, "keeps", true));
            int channels = inputs("hidden", layer);
            if (after) {
                Convolution input = part("input", layer, gates);
                Convolution hidden = part("hidden", layer, gates);
                return new GruResetAfter(
                        List.of(keeps ? input : input.negated(channels, channels)),
                        keeps ? hidden : hidden.negated(channels, channels),
                        new Activation.Tanh());
            }
            List<String> opening = gates.subList(0, 2);
            List<String> candidate = gates.subList(2, 3);
            Gates both = Gates.of(part("input", layer, opening), part("hidden", layer, opening));
            return new GruResetBefore(
                    keeps ? both : both.negated(channels, channels),
                    GruResetBefore.Order.RZ,
                    Gates.of(part("input", layer, candidate), part("hidden", layer, candidate)),
                    new Activation.Tanh());
        }

        private Convolution part(String source, int layer, List<String> wanted) {
            return CellWeights.stacked(
                    wanted.stream().map(gate -> named(source, gate, layer)).toList());
        }

        private CellWeights.Gate named(String source, String gate, int layer) {
            String key = key(pattern(source, gate), layer);
            return new CellWeights.Gate(key, gate(source, gate, key, layer));
        }

        private Convolution gate(String source, String gate, String key, int layer) {
            String role = "layer %d, gate %s of the %s".formatted(layer, gate, source);
            int channels = inputs("hidden", layer);
            int inputs = inputs(source, layer);
            if (!weights.has(key)) {
                return weights.same(role, key, channels, inputs);
            }
            WeightTensor filter =
                    new BareMatrix(weights, choices, key).filter(role, channels, inputs);
            Optional<WeightTensor> bias =
                    source.equals("input")
                            ? Optional.ofNullable(patterns.get("bias." + gate))
                                    .map(name ->
                                            weights.take(
                                                    role + ", bias", key(name, layer), channels))
                            : Optional.empty();
            return Convolution.same(filter, bias);
        }
    }
}
