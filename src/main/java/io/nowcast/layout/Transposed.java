package io.nowcast.layout;

import io.nowcast.network.WeightTensor;

/** Matrices of networks that compute {@code x @ W}: stored {@code [in, out]}. */
final class Transposed {

    private Transposed() {}

    /** {@code [in, out]} as the filter {@code [out, in, 1, 1]} of a convolution. */
    static WeightTensor filter(WeightTensor matrix) {
        int inputs = matrix.size(0);
        int outputs = matrix.size(1);
        float[] values = new float[matrix.values().length];
        for (int input = 0; input < inputs; input++) {
            for (int output = 0; output < outputs; output++) {
                values[output * inputs + input] = matrix.values()[input * outputs + output];
            }
        }
        return new WeightTensor(new int[] {outputs, inputs, 1, 1}, values);
    }
}
