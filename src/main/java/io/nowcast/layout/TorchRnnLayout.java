package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Cell;
import io.nowcast.network.Convolution;
import io.nowcast.network.Gates;
import io.nowcast.network.GruResetAfter;
import io.nowcast.network.Lstm;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.SequenceNetwork.Level;
import io.nowcast.network.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code torch.nn.LSTM} and {@code torch.nn.GRU} with a linear layer behind: {@code weight_ih_lN,
 * weight_hh_lN, bias_ih_lN, bias_hh_lN}, {@code weight_hr_lN} of a projection, {@code _reverse} of
 * the backward direction. {@code LSTMCell} and {@code GRUCell} have the same without a number. They
 * run at every grid cell; a 1x1 grid is a plain time series.
 */
final class TorchRnnLayout implements Layout {

    /** Of a module's first layer; a cell that is called step by step has one without a number. */
    private static final List<String> FIRSTS = List.of("weight_ih_l0", "weight_ih");

    private static final int NAMES_IN_MESSAGE = 12;

    @Override
    public String name() {
        return "torch-rnn";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return !modules(keys).isEmpty();
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        List<Level> levels = new ArrayList<>();
        int first = 0;
        int inputs = 0;
        for (String module : stack(modules(weights.keys()), choices)) {
            String prefix = module.isEmpty() ? "" : module + ".";
            boolean numbered = weights.has(prefix + FIRSTS.getFirst());
            if (levels.isEmpty()) {
                first = weights.size(prefix + FIRSTS.get(numbered ? 0 : 1), 1);
                inputs = first;
            }
            int layers =
                    numbered
                            ? KeyPattern.count(
                                    weights.keys(), layer -> prefix + "weight_ih_l" + layer)
                            : 1;
            for (int layer = 0; layer < layers; layer++) {
                Level level = level(weights, prefix, numbered ? "_l" + layer : "", inputs);
                levels.add(level);
                inputs = level.hiddenChannels();
            }
        }
        return new StackForecast(weights, choices).network(first, levels);
    }

    /** What stands before the keys of each module or cell, in the order of the file. */
    private static List<String> modules(Set<String> keys) {
        return keys.stream()
                .flatMap(key ->
                        FIRSTS.stream()
                                .filter(first -> key.equals(first) || key.endsWith("." + first))
                                .map(first ->
                                        key.substring(
                                                0, Math.max(0, key.length() - first.length() - 1))))
                .distinct()
                .toList();
    }

    /** The modules that feed each other. Several may as well be an encoder and a decoder. */
    private static List<String> stack(List<String> modules, Choices choices) {
        List<String> some = modules.stream().limit(NAMES_IN_MESSAGE).toList();
        List<String> named =
                choices.text("stack").stream()
                        .flatMap(text -> Stream.of(text.split(",", -1)))
                        .map(String::strip)
                        .toList();
        if (named.isEmpty() && modules.size() > 1) {
            throw new IllegalArgumentException(
                    "the file holds several RNNs, %s: where each reads what the one before gives, network.stack names them from the first to the last, as in 'a,b'; where they are copies, network.prefix says what stands before the one to be read; an encoder and a decoder are not served from their weights, but as a TorchScript module"
                            .formatted(some));
        }
        if (!modules.containsAll(named) || Set.copyOf(named).size() < named.size()) {
            throw new IllegalArgumentException(
                    "network.stack names each once of %s, got %s".formatted(some, named));
        }
        return named.isEmpty() ? modules : named;
    }

    private static Level level(Weights weights, String prefix, String layer, int inputs) {
        String back = layer + "_reverse";
        return new Level(
                cell(weights, prefix, layer, inputs),
                weights.has(prefix + FIRSTS.getFirst() + "_reverse")
                        ? Optional.of(cell(weights, prefix, back, inputs))
                        : Optional.empty());
    }

    private static Cell cell(Weights weights, String prefix, String layer, int inputs) {
        int hidden = weights.size(prefix + "weight_hh" + layer, 1);
        String projection = prefix + "weight_hr" + layer;
        int cells = weights.has(projection) ? weights.size(projection, 1) : hidden;
        int gates = weights.size(prefix + "weight_hh" + layer, 0) / cells;
        return switch (gates) {
            case 4 -> {
                Gates all = gates(weights, prefix, layer, "i,f,g,o", 4 * cells, inputs, hidden);
                Optional<Convolution> projected =
                        weights.has(projection)
                                ? Optional.of(
                                        pointwise(
                                                weights.take(
                                                        "projection", projection, hidden, cells),
                                                Optional.empty()))
                                : Optional.empty();
                yield new Lstm(
                        all,
                        Lstm.Order.IFGO,
                        new Activation.Tanh(),
                        Lstm.Output.CELL_STATE,
                        Optional.empty(),
                        projected);
            }
            case 3 -> {
                Gates all = gates(weights, prefix, layer, "r,z,n", 3 * cells, inputs, hidden);
                yield new GruResetAfter(
                        List.of((Convolution) all.input().getFirst()),
                        (Convolution) all.hidden().getFirst(),
                        new Activation.Tanh());
            }
            default ->
                    throw new IllegalArgumentException(
                            "'%sweight_hh%s' has %d row blocks: 4 are an LSTM, 3 a GRU"
                                    .formatted(prefix, layer, gates));
        };
    }

    private static Gates gates(
            Weights weights,
            String prefix,
            String layer,
            String order,
            int rows,
            int inputs,
            int hidden) {
        return Gates.of(
                part(
                        weights,
                        prefix,
                        "ih",
                        layer,
                        "gates " + order + " of the input",
                        rows,
                        inputs),
                part(
                        weights,
                        prefix,
                        "hh",
                        layer,
                        "gates " + order + " of the state",
                        rows,
                        hidden));
    }

    private static Convolution part(
            Weights weights,
            String prefix,
            String source,
            String layer,
            String role,
            int rows,
            int columns) {
        String bias = prefix + "bias_" + source + layer;
        return pointwise(
                weights.take(role, prefix + "weight_" + source + layer, rows, columns),
                weights.has(prefix + "bias_ih_l0") || weights.has(prefix + "bias_ih")
                        ? Optional.of(weights.take(role + ", bias", bias, rows))
                        : Optional.empty());
    }

    private static Convolution pointwise(WeightTensor matrix, Optional<WeightTensor> bias) {
        return Convolution.same(matrix.reshaped(matrix.size(0), matrix.size(1), 1, 1), bias);
    }
}
