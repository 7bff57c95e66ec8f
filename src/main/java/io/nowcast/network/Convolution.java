package io.nowcast.network;

import java.util.Optional;

/**
 * A two-dimensional convolution. One of stride s divides height and width by s, a transposed one
 * multiplies them by s, both exactly.
 *
 * @param weight {@code [out, in, kh, kw]}; {@code [in, out, kh, kw]} for a transposed one, as
 *     PyTorch stores both
 * @param bias {@code [out]}, where the layer has one
 * @param rowPadding zeros above and below
 * @param columnPadding zeros to the left and to the right
 * @param transposed whether the convolution upsamples ({@code torch.conv_transpose2d})
 */
public record Convolution(
        WeightTensor weight,
        Optional<WeightTensor> bias,
        int stride,
        int rowPadding,
        int columnPadding,
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
        requireExact(weight.size(2), stride, rowPadding);
        requireExact(weight.size(3), stride, columnPadding);
    }

    /** Square padding. */
    public Convolution(
            WeightTensor weight,
            Optional<WeightTensor> bias,
            int stride,
            int padding,
            boolean transposed) {
        this(weight, bias, stride, padding, padding, transposed);
    }

    /**
     * A convolution that keeps the size of the frame: stride 1, half the (odd) kernel as padding.
     */
    public static Convolution same(WeightTensor weight, Optional<WeightTensor> bias) {
        return new Convolution(weight, bias, 1, weight.size(2) / 2, weight.size(3) / 2, false);
    }

    /**
     * A side n·s gives n = ⌊(n·s + 2p - k) / s⌋ + 1, which holds exactly where 0 ≤ 2p - k + s < s.
     */
    private static void requireExact(int kernel, int stride, int padding) {
        if (stride < 1 || padding < 0) {
            throw new IllegalArgumentException(
                    "a convolution has a stride from 1 and a padding from 0, got stride %d and padding %d"
                            .formatted(stride, padding));
        }
        int excess = 2 * padding - kernel + stride;
        if (excess < 0 || excess >= stride) {
            throw new IllegalArgumentException(
                    "a convolution of kernel %d, stride %d and padding %d does not divide the grid by %d"
                            .formatted(kernel, stride, padding, stride));
        }
    }

    /** Rows that a transposed convolution must add for an output of s times the input. */
    public int outputRowPadding() {
        return stride + 2 * rowPadding - weight.size(2);
    }

    /** Columns that a transposed convolution must add for an output of s times the input. */
    public int outputColumnPadding() {
        return stride + 2 * columnPadding - weight.size(3);
    }

    /** The convolution with a run of its outputs negated. */
    public Convolution negated(int from, int length) {
        return scaled(from, length, -1);
    }

    /** The convolution, not a transposed one, with a run of its outputs multiplied. */
    public Convolution scaled(int from, int length, double factor) {
        return new Convolution(
                weight.mapRows(from, length, value -> factor * value),
                bias.map(values -> values.mapRows(from, length, value -> factor * value)),
                stride,
                rowPadding,
                columnPadding,
                transposed);
    }

    public int inputChannels() {
        return weight.size(transposed ? 0 : 1);
    }

    public int outputChannels() {
        return weight.size(transposed ? 1 : 0);
    }
}
