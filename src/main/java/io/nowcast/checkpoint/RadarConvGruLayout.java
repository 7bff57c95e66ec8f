package io.nowcast.checkpoint;

import io.nowcast.network.Activation;
import io.nowcast.network.ConvGru;
import io.nowcast.network.Convolution;
import io.nowcast.network.EncoderForecaster;
import io.nowcast.network.Layer;
import io.nowcast.network.ReadOut;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The layout of this project's own training recipe ({@code src/training}): a ConvGRU
 * encoder-forecaster with an advection read-out. Keys are {@code encoder.stages.N.{conv, gru.input,
 * gru.hidden}}, {@code forecaster.stages.N.{gru.input, gru.hidden, up}}, {@code readout.{conv,
 * head}}.
 */
final class RadarConvGruLayout implements Layout {

    private static final int PATCH = 4;
    private static final int KERNEL = 3;
    private static final Layer.Activate LEAKY = new Layer.Activate(new Activation.LeakyRelu(0.2));
    private static final Map<String, ReadOut.Residual> RESIDUALS =
            Map.of("source", ReadOut.Residual.AT_SOURCE, "target", ReadOut.Residual.AT_TARGET);

    @Override
    public String name() {
        return "radar-convgru";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return keys.contains("encoder.stages.0.gru.hidden.weight")
                && keys.contains("readout.head.weight");
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        List<Stage> encoder = new ArrayList<>();
        List<Stage> forecaster = new ArrayList<>();
        int levels = levels(weights);
        int previous = weights.size("encoder.stages.0.conv.weight", 1);
        for (int level = 0; level < levels; level++) {
            int channels = weights.size("encoder.stages." + level + ".conv.weight", 0);
            encoder.add(encoderStage(weights, level, previous, channels));
            forecaster.add(
                    forecasterStage(weights, level, previous, channels, level == levels - 1));
            previous = channels;
        }
        return new EncoderForecaster(encoder, forecaster, readOut(weights, choices));
    }

    private static int levels(Weights weights) {
        int levels = 1;
        while (weights.has("encoder.stages." + levels + ".conv.weight")) {
            levels++;
        }
        return levels;
    }

    private static Stage encoderStage(Weights weights, int level, int previous, int channels) {
        String key = "encoder.stages." + level;
        Convolution convolution =
                weights.convolution(
                        key + ".conv", channels, previous, KERNEL, level == 0 ? 1 : 2, KERNEL / 2);
        List<Layer> before =
                level == 0
                        ? List.of(new Layer.SpaceToDepth(PATCH), convolution, LEAKY)
                        : List.of(convolution, LEAKY);
        return new Stage(before, gru(weights, key + ".gru", channels, true), List.of());
    }

    private static Stage forecasterStage(
            Weights weights, int level, int previous, int channels, boolean topmost) {
        String key = "forecaster.stages." + level;
        List<Layer> after =
                level == 0
                        ? List.of()
                        : List.of(
                                weights.transposedConvolution(
                                        key + ".up", channels, previous, 4, 2, 1),
                                LEAKY);
        return new Stage(List.of(), gru(weights, key + ".gru", channels, !topmost), after);
    }

    private static ConvGru gru(Weights weights, String key, int channels, boolean takesInput) {
        Optional<Convolution> input =
                takesInput
                        ? Optional.of(gates(weights, key + ".input", channels))
                        : Optional.empty();
        return new ConvGru(input, gates(weights, key + ".hidden", channels), new Activation.Tanh());
    }

    private static Convolution gates(Weights weights, String key, int channels) {
        return weights.convolution(key, 3 * channels, channels, KERNEL, 1, KERNEL / 2);
    }

    private static ReadOut readOut(Weights weights, Choices choices) {
        int channels = weights.size("readout.conv.weight", 0);
        return new ReadOut.Advection(
                List.of(
                        weights.convolution(
                                "readout.conv", channels, channels, KERNEL, 1, KERNEL / 2),
                        LEAKY,
                        weights.convolution("readout.head", 2 + PATCH * PATCH, channels, 1, 1, 0)),
                PATCH,
                choices.among("residual", RESIDUALS));
    }
}
