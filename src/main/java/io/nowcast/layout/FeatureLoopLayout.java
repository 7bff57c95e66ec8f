package io.nowcast.layout;

import io.nowcast.network.Activation;
import io.nowcast.network.Cell;
import io.nowcast.network.Convolution;
import io.nowcast.network.Features;
import io.nowcast.network.Feed;
import io.nowcast.network.Layer;
import io.nowcast.network.Lstm;
import io.nowcast.network.ReadOut;
import io.nowcast.network.RecurrentNetwork;
import io.nowcast.network.StepwiseNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The predictor of aserdega/convlstmgru, in four files that the manifest names {@code lstm_encoder,
 * lstm_decoder, cnn_encoder, cnn_decoder}. Convolutions of strides 1, 2, 1, 2 (BatchNorm and ELU,
 * tanh at the end) make features; the decoder's cells start from the encoder's states and see the
 * last frame's features, then their own; transposed convolutions of strides 2, 1, 2, 1 make the
 * frame. Cells are those of {@link ConvLstmStackLayout} with gates i, f, o, g, or of {@link
 * ResetAfterConvGruLayout}.
 */
final class FeatureLoopLayout implements Layout {

    private static final String ENCODER = "lstm_encoder.cell_list.";
    private static final String DECODER = "lstm_decoder.cell_list.";
    private static final int[] ENCODER_STRIDES = {1, 2, 1, 2};
    private static final int[] DECODER_STRIDES = {2, 1, 2, 1};
    private static final Layer ELU = new Layer.Activate(new Activation.Elu());
    private static final Map<String, Activation> OUTPUTS =
            Map.of("none", new Activation.Identity(), "sigmoid", new Activation.Sigmoid());

    @Override
    public String name() {
        return "aserdega-predictor";
    }

    @Override
    public boolean recognises(Set<String> keys) {
        return keys.contains("cnn_encoder.cnn_encoder.0.weight")
                && keys.contains("cnn_decoder.dconv1.weight");
    }

    @Override
    public RecurrentNetwork read(Weights weights, Choices choices) {
        BatchNorm norm = choices.among("batch-norm", BatchNorm.OPTIONS);
        Activation output = choices.among("head-activation", OUTPUTS, "sigmoid");
        Features made = new Features.Through(new Features.Frame(), encoder(weights, norm));
        List<? extends Cell> observing = cells(weights, ENCODER);
        List<? extends Cell> forecasting = cells(weights, DECODER);
        if (observing.size() != forecasting.size()) {
            throw new IllegalArgumentException(
                    "the encoder has %d cells, the decoder %d"
                            .formatted(observing.size(), forecasting.size()));
        }
        if (isGru(weights, ENCODER) != isGru(weights, DECODER)) {
            throw new IllegalArgumentException(
                    "the cells of '%s' are %s and those of '%s' %s: one cannot start from the other's states"
                            .formatted(
                                    ENCODER,
                                    isGru(weights, ENCODER) ? "ConvGRUs" : "ConvLSTMs",
                                    DECODER,
                                    isGru(weights, DECODER) ? "ConvGRUs" : "ConvLSTMs"));
        }
        Features observed = made;
        Features forecast = new Features.Frame();
        for (int layer = 0; layer < observing.size(); layer++) {
            observed = Features.Recurrent.fromZero(observed, observing.get(layer));
            forecast =
                    Features.Recurrent.startingFrom(
                            observed, Optional.of(forecast), forecasting.get(layer));
        }
        List<Layer> frame = new ArrayList<>(decoder(weights, norm));
        frame.add(new Layer.Activate(output));
        return new StepwiseNetwork(
                weights.size("cnn_encoder.cnn_encoder.0.weight", 1),
                Optional.of(observed),
                forecast,
                new Feed.OwnFeatures(made),
                new ReadOut.Direct(frame));
    }

    private static List<? extends Cell> cells(Weights weights, String stack) {
        return isGru(weights, stack)
                ? ResetAfterConvGruLayout.cells(weights, stack)
                : ConvLstmStackLayout.cells(weights, stack, Lstm.Order.IFOG);
    }

    private static boolean isGru(Weights weights, String stack) {
        return weights.has(stack + "0.conv_zr.weight");
    }

    private static List<Layer> encoder(Weights weights, BatchNorm norm) {
        List<Layer> layers = new ArrayList<>();
        int channels = weights.size("cnn_encoder.cnn_encoder.0.weight", 1);
        for (int block = 0; block < ENCODER_STRIDES.length; block++) {
            String key = "cnn_encoder.cnn_encoder." + 3 * block;
            int outputs = weights.size(key + ".weight", 0);
            Convolution convolution =
                    weights.convolution(key, key, outputs, channels, 3, ENCODER_STRIDES[block], 1);
            boolean last = block == ENCODER_STRIDES.length - 1;
            String following = "cnn_encoder.cnn_encoder." + (3 * block + 1);
            layers.addAll(
                    last
                            ? List.of(convolution, new Layer.Activate(new Activation.Tanh()))
                            : normalised(norm, weights, convolution, following));
            channels = outputs;
        }
        return layers;
    }

    private static List<Layer> decoder(Weights weights, BatchNorm norm) {
        List<Layer> layers = new ArrayList<>();
        int channels = weights.size("cnn_decoder.dconv1.weight", 0);
        for (int block = 0; block < DECODER_STRIDES.length; block++) {
            String key = "cnn_decoder.dconv" + (block + 1);
            int outputs = weights.size(key + ".weight", 1);
            Convolution convolution =
                    weights.transposedConvolution(
                            key, key, channels, outputs, 3, DECODER_STRIDES[block], 1);
            boolean last = block == DECODER_STRIDES.length - 1;
            layers.addAll(
                    last
                            ? List.of(convolution)
                            : normalised(
                                    norm, weights, convolution, "cnn_decoder.bn" + (block + 1)));
            channels = outputs;
        }
        return layers;
    }

    private static List<Layer> normalised(
            BatchNorm norm, Weights weights, Convolution convolution, String key) {
        List<Layer> layers = new ArrayList<>(norm.after(convolution, weights, key, key));
        layers.add(ELU);
        return layers;
    }
}
