package io.nowcast.layout;

import io.nowcast.network.WeightTensor;
import java.util.Map;

/**
 * Matrices that are parameters of their own instead of a layer's: {@code [in, out]} in networks
 * that compute {@code x @ W}, {@code [out, in]} in others. Nothing tells which, so the manifest
 * does.
 */
final class BareMatrix {

    private static final Map<String, Boolean> ORIENTATIONS =
            Map.of("out-in", false, "in-out", true);

    private final Weights weights;
    private final String key;
    private final boolean inputsFirst;

    BareMatrix(Weights weights, Choices choices, String key) {
        this.weights = weights;
        this.key = key;
        this.inputsFirst = choices.among("orientation", ORIENTATIONS);
    }

    int inputs() {
        return weights.size(key, inputsFirst ? 0 : 1);
    }

    int outputs() {
        return weights.size(key, inputsFirst ? 1 : 0);
    }

    /** The matrix as the filter {@code [out, in, 1, 1]} of a convolution. */
    WeightTensor filter(String role, int outputs, int inputs) {
        return inputsFirst
                ? transposed(weights.take(role, key, inputs, outputs))
                : weights.take(role, key, outputs, inputs).reshaped(outputs, inputs, 1, 1);
    }

    private static WeightTensor transposed(WeightTensor matrix) {
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
