package io.nowcast.torchscript;

import io.nowcast.network.Convolution;
import io.nowcast.network.WeightTensor;
import java.util.Optional;

/**
 * A transposed convolution of stride s as an ordinary one to s·s channels for each of its own,
 * which a pixel shuffle then lays out (Shi et al., "Is the deconvolution layer the same as a
 * convolutional layer?", 2016): row {@code s·i + r} of its output sums the kernel's rows {@code s·t
 * + r} with the input's rows {@code i - t}.
 *
 * <p>oneDNN chooses the order in which its own transposed convolution sums by the number of
 * threads, so that a forecast would depend on it; its ordinary ones sum in one order.
 *
 * @param weight {@code [out·s·s, in, taps, taps]}; taps that the kernel lacks are zero
 * @param bias {@code [out·s·s]}
 * @param convolution the transposed one
 */
record SubPixel(WeightTensor weight, Optional<WeightTensor> bias, Convolution convolution) {

    /**
     * @throws IllegalArgumentException if its weights would be more than a tensor here can hold
     */
    static SubPixel of(Convolution convolution) {
        return new SubPixel(
                weight(convolution),
                convolution.bias().map(values -> repeated(values, convolution.stride())),
                convolution);
    }

    /** Zeros above and below the input. */
    int rowPadding() {
        return weight.size(2) - 1;
    }

    /** Zeros to the left and to the right of the input. */
    int columnPadding() {
        return weight.size(3) - 1;
    }

    /** As many as the kernel needs, and as reach all rows or columns of the output. */
    private static int taps(int kernel, int stride, int padding) {
        return Math.ceilDiv(Math.max(kernel, stride + padding), stride);
    }

    private static WeightTensor weight(Convolution convolution) {
        WeightTensor trained = convolution.weight();
        int stride = convolution.stride();
        int inputs = convolution.inputChannels();
        int outputs = convolution.outputChannels();
        int rows = taps(trained.size(2), stride, convolution.rowPadding());
        int columns = taps(trained.size(3), stride, convolution.columnPadding());
        requireFitting(convolution, (double) outputs * stride * stride * inputs * rows * columns);
        float[] values = new float[outputs * stride * stride * inputs * rows * columns];
        for (int input = 0; input < inputs; input++) {
            for (int output = 0; output < outputs; output++) {
                for (int y = 0; y < trained.size(2); y++) {
                    for (int x = 0; x < trained.size(3); x++) {
                        int channel = (output * stride + y % stride) * stride + x % stride;
                        int row = rows - 1 - y / stride;
                        int column = columns - 1 - x / stride;
                        values[((channel * inputs + input) * rows + row) * columns + column] =
                                trained.values()[
                                        ((input * outputs + output) * trained.size(2) + y)
                                                        * trained.size(3)
                                                + x];
                    }
                }
            }
        }
        return new WeightTensor(
                new int[] {outputs * stride * stride, inputs, rows, columns}, values);
    }

    private static void requireFitting(Convolution convolution, double values) {
        if (values > WeightTensor.MOST_VALUES) {
            throw new IllegalArgumentException(
                    "a transposed convolution of stride %d from %d to %d channels takes %.0f weights as an ordinary one of oneDNN's, at most %d are possible"
                            .formatted(
                                    convolution.stride(),
                                    convolution.inputChannels(),
                                    convolution.outputChannels(),
                                    values,
                                    WeightTensor.MOST_VALUES));
        }
    }

    private static WeightTensor repeated(WeightTensor bias, int stride) {
        float[] values = new float[bias.size(0) * stride * stride];
        for (int channel = 0; channel < values.length; channel++) {
            values[channel] = bias.values()[channel / (stride * stride)];
        }
        return new WeightTensor(new int[] {values.length}, values);
    }
}
