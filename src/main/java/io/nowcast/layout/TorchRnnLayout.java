package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Cell;
import io.nowcast.network.Convolution;
import io.nowcast.network.Gates;
import io.nowcast.network.GruResetAfter;
import io.nowcast.network.Lstm;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.SequenceNetwork;
import io.nowcast.network.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code torch.nn.LSTM} and {@code torch.nn.GRU} with a linear layer behind: {@code weight_ih_lN,
 * weight_hh_lN, bias_ih_lN, bias_hh_lN}, {@code weight_hr_lN} of a projection, {@code _reverse} of
 * the backward direction. They run at every grid cell; a 1x1 grid is a plain time series.
 */
final class TorchRnnLayout implements Layout {

    private static final String FIRST = "weight_ih_l0";

    @Override
    public String name() {
        return "torch-rnn";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return KeyPattern.prefixOf(keys, FIRST).isPresent();
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        String prefix = KeyPattern.prefixOf(weights.keys(), FIRST).orElse("");
        int layers = KeyPattern.count(weights.keys(), layer -> prefix + "weight_ih_l" + layer);
        boolean bidirectional = weights.has(prefix + FIRST + "_reverse");
        int first = weights.size(prefix + FIRST, 1);
        int inputs = first;
        List<SequenceNetwork.Level> levels = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            Cell forward = cell(weights, prefix, "_l" + layer, inputs);
            Optional<Cell> backward =
                    bidirectional
                            ? Optional.of(cell(weights, prefix, "_l" + layer + "_reverse", inputs))
                            : Optional.empty();
            levels.add(new SequenceNetwork.Level(forward, backward));
            inputs = forward.hiddenChannels() * (bidirectional ? 2 : 1);
        }
        return new StackForecast(weights, choices).network(first, levels);
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
                weights.has(prefix + "bias_ih_l0")
                        ? Optional.of(weights.take(role + ", bias", bias, rows))
                        : Optional.empty());
    }

    private static Convolution pointwise(WeightTensor matrix, Optional<WeightTensor> bias) {
        return Convolution.same(matrix.reshaped(matrix.size(0), matrix.size(1), 1, 1), bias);
    }
}
