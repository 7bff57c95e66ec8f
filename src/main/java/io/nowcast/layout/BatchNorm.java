package io.nowcast.layout;

import io.nowcast.network.Convolution;
import io.nowcast.network.Layer;
import io.nowcast.network.WeightTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where batch normalisation (Ioffe and Szegedy 2015, arXiv:1502.03167) takes its statistics. */
enum BatchNorm {
    /** From training: the norm is part of the convolution before it. */
    RUNNING,
    /** From each frame itself, as of a network left in training mode and fed frame by frame. */
    FRAME;

    static final Map<String, BatchNorm> OPTIONS = Map.of("running", RUNNING, "frame", FRAME);

    /** A convolution and the batch normalisation {@code key} after it. */
    List<Layer> after(Convolution convolution, Weights weights, String role, String key) {
        int channels = convolution.outputChannels();
        WeightTensor scale = weights.take(role + ", BatchNorm scale", key + ".weight", channels);
        WeightTensor shift = weights.take(role + ", BatchNorm shift", key + ".bias", channels);
        WeightTensor mean =
                weights.take(role + ", BatchNorm mean", key + ".running_mean", channels);
        WeightTensor variance =
                weights.take(role + ", BatchNorm variance", key + ".running_var", channels);
        return switch (this) {
            case RUNNING -> List.of(folded(convolution, scale, shift, mean, variance));
            case FRAME ->
                    List.of(
                            convolution,
                            new Layer.GroupNorm(channels, scale, shift, CellWeights.EPSILON));
        };
    }

    /** γ (W * x + b - μ) / √(σ² + ε) + β as one convolution. */
    private static Convolution folded(
            Convolution convolution,
            WeightTensor scale,
            WeightTensor shift,
            WeightTensor mean,
            WeightTensor variance) {
        int channels = convolution.outputChannels();
        float[] bias = new float[channels];
        double[] factors = new double[channels];
        for (int channel = 0; channel < channels; channel++) {
            factors[channel] =
                    scale.values()[channel]
                            / Math.sqrt(variance.values()[channel] + CellWeights.EPSILON);
            double before =
                    convolution.bias().isPresent() ? convolution.bias().get().values()[channel] : 0;
            bias[channel] =
                    (float)
                            ((before - mean.values()[channel]) * factors[channel]
                                    + shift.values()[channel]);
        }
        return new Convolution(
                scaled(convolution, factors),
                Optional.of(new WeightTensor(new int[] {channels}, bias)),
                convolution.stride(),
                convolution.rowPadding(),
                convolution.columnPadding(),
                convolution.transposed());
    }

    /** The filters of each output channel times its factor. */
    private static WeightTensor scaled(Convolution convolution, double[] factors) {
        WeightTensor weight = convolution.weight();
        float[] values = weight.values().clone();
        int area = weight.size(2) * weight.size(3);
        for (int index = 0; index < values.length; index++) {
            int filter = index / area;
            int channel =
                    convolution.transposed() ? filter % weight.size(1) : filter / weight.size(1);
            values[index] = (float) (values[index] * factors[channel]);
        }
        return new WeightTensor(weight.shape(), values);
    }
}
