package io.nowcast.torchscript;

import io.nowcast.network.WeightTensor;

/**
 * How a tensor's values lie in the archive: convolution weights channels-last, since PyTorch's
 * convolutions are fastest when neither the frames nor the weights need reordering; everything else
 * in row-major order.
 */
final class MemoryFormat {

    private MemoryFormat() {}

    /** Strides in elements, outermost dimension first. */
    static int[] strides(WeightTensor tensor) {
        if (tensor.rank() == 4) {
            int channels = tensor.size(1);
            int height = tensor.size(2);
            int width = tensor.size(3);
            return new int[] {height * width * channels, 1, width * channels, channels};
        }
        int[] strides = new int[tensor.rank()];
        int stride = 1;
        for (int dimension = strides.length - 1; dimension >= 0; dimension--) {
            strides[dimension] = stride;
            stride *= tensor.size(dimension);
        }
        return strides;
    }

    /** The values in the order that {@link #strides} describes. */
    static float[] arrange(WeightTensor tensor) {
        float[] source = tensor.values();
        if (tensor.rank() != 4) {
            return source;
        }
        int channels = tensor.size(1);
        int area = tensor.size(2) * tensor.size(3);
        float[] arranged = new float[source.length];
        int read = 0;
        for (int filter = 0; filter < tensor.size(0); filter++) {
            for (int channel = 0; channel < channels; channel++) {
                int write = filter * channels * area + channel;
                for (int tap = 0; tap < area; tap++, write += channels) {
                    arranged[write] = source[read++];
                }
            }
        }
        return arranged;
    }
}
