package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Convolution;
import io.nowcast.network.Features;
import io.nowcast.network.Feed;
import io.nowcast.network.GruResetAfter;
import io.nowcast.network.Layer;
import io.nowcast.network.ReadOut;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.StepwiseNetwork;
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
        int levels =
                KeyPattern.count(
                        weights.keys(), level -> "encoder.stages." + level + ".conv.weight");
        List<Features.Recurrent> encoded = new ArrayList<>();
        Features features =
                new Features.Through(new Features.Frame(), List.of(new Layer.SpaceToDepth(PATCH)));
        int first = weights.size("encoder.stages.0.conv.weight", 1);
        int channels = first;
        for (int level = 0; level < levels; level++) {
            String key = "encoder.stages." + level;
            int outputs = weights.size(key + ".conv.weight", 0);
            Convolution convolution =
                    weights.convolution(
                            key, key + ".conv", outputs, channels, KERNEL, level == 0 ? 1 : 2, 1);
            Features.Recurrent memory =
                    Features.Recurrent.fromZero(
                            new Features.Through(features, List.of(convolution, LEAKY)),
                            gru(weights, key + ".gru", outputs, true));
            encoded.add(memory);
            features = memory;
            channels = outputs;
        }
        return new StepwiseNetwork(
                first / (PATCH * PATCH),
                Optional.of(features),
                forecaster(weights, encoded),
                new Feed.Nothing(),
                readOut(weights, choices));
    }

    private static Features forecaster(Weights weights, List<Features.Recurrent> encoded) {
        Optional<Features> unfolded = Optional.empty();
        for (int level = encoded.size() - 1; level >= 0; level--) {
            String key = "forecaster.stages." + level;
            int channels = encoded.get(level).cell().hiddenChannels();
            Features features =
                    Features.Recurrent.startingFrom(
                            encoded.get(level),
                            unfolded,
                            gru(weights, key + ".gru", channels, unfolded.isPresent()));
            if (level > 0) {
                int finer = encoded.get(level - 1).cell().hiddenChannels();
                Convolution up =
                        weights.transposedConvolution(key, key + ".up", channels, finer, 4, 2, 1);
                features = new Features.Through(features, List.of(up, LEAKY));
            }
            unfolded = Optional.of(features);
        }
        return unfolded.orElseThrow();
    }

    private static GruResetAfter gru(
            Weights weights, String key, int channels, boolean takesInput) {
        return new GruResetAfter(
                takesInput ? List.of(gates(weights, key + ".input", channels)) : List.of(),
                gates(weights, key + ".hidden", channels),
                new Activation.Tanh());
    }

    private static Convolution gates(Weights weights, String key, int channels) {
        return weights.convolution(
                "gates r,z,n", key, 3 * channels, channels, KERNEL, 1, KERNEL / 2);
    }

    private static ReadOut readOut(Weights weights, Choices choices) {
        int channels = weights.size("readout.conv.weight", 0);
        return new ReadOut.Advection(
                List.of(
                        weights.convolution(
                                "read-out",
                                "readout.conv",
                                channels,
                                channels,
                                KERNEL,
                                1,
                                KERNEL / 2),
                        LEAKY,
                        weights.convolution(
                                "read-out", "readout.head", 2 + PATCH * PATCH, channels, 1, 1, 0)),
                PATCH,
                choices.among("residual", RESIDUALS));
    }
}
