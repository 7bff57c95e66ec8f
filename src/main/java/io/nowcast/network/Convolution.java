package io.nowcast.network;

import java.util.Optional;

/**
 * A two-dimensional convolution with square stride and padding.
 *
 * @param weight {@code [out, in, kh, kw]}; {@code [in, out, kh, kw]} for a transposed one, as
 *     PyTorch stores both
 * @param bias {@code [out]}, where the layer has one
 * @param transposed whether the convolution upsamples ({@code torch.conv_transpose2d})
 */
public record Convolution(
        WeightTensor weight,
        Optional<WeightTensor> bias,
        int stride,
        int padding,
        boolean transposed)
        implements Layer {

    public Convolution {
        if (weight.rank() != 4) {
            throw new IllegalArgumentException(
                    "a convolution's weight has 4 dimensions, got " + weight);
        }
        int channels = weight.size(transposed ? 1 : 0);
        bias.ifPresent(values -> {
            if (values.rank() != 1 || values.size(0) != channels) {
                throw new IllegalArgumentException(
                        "the bias of a convolution with weight %s has shape [%d], got %s"
                                .formatted(weight, channels, values));
            }
        });
    }

    /**
     * A convolution that keeps the size of the frame: stride 1, half the (odd) kernel as padding.
     */
    public static Convolution same(WeightTensor weight, WeightTensor bias) {
        return new Convolution(weight, Optional.of(bias), 1, weight.size(2) / 2, false);
    }

    public int inputChannels() {
        return weight.size(transposed ? 0 : 1);
    }

    public int outputChannels() {
        return weight.size(transposed ? 1 : 0);
    }
}
