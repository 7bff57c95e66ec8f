package io.nowcast.checkpoint;

import io.nowcast.network.Convolution;
import io.nowcast.network.WeightTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The tensors of a checkpoint while a layout takes them. Everything that is missing, misshapen or
 * left over is collected, so that {@link #finish} can tell all of it at once.
 */
final class Weights {

    private final Map<String, WeightTensor> tensors;
    private final Set<String> left;
    private final List<String> problems = new ArrayList<>();

    Weights(SequencedMap<String, WeightTensor> tensors) {
        this.tensors = tensors;
        this.left = new LinkedHashSet<>(tensors.keySet());
    }

    boolean has(String key) {
        return tensors.containsKey(key);
    }

    /** The size of one dimension of a tensor; 1 and a problem where the tensor is not there. */
    int size(String key, int dimension) {
        WeightTensor tensor = tensors.get(key);
        if (tensor == null || tensor.rank() <= dimension) {
            return 1;
        }
        return tensor.size(dimension);
    }

    /** A tensor of an exact shape; zeros and a problem where it is not there or has another. */
    WeightTensor take(String key, int... shape) {
        left.remove(key);
        WeightTensor tensor = tensors.get(key);
        if (tensor == null) {
            problems.add("'%s' %s is missing".formatted(key, Arrays.toString(shape)));
        } else if (!Arrays.equals(tensor.shape(), shape)) {
            problems.add(
                    "'%s' has shape %s, expected %s"
                            .formatted(
                                    key, Arrays.toString(tensor.shape()), Arrays.toString(shape)));
        } else {
            return tensor;
        }
        return new WeightTensor(shape, new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)]);
    }

    /** {@code key.weight [out, in, k, k]} and {@code key.bias [out]}. */
    Convolution convolution(String key, int out, int in, int kernel, int stride, int padding) {
        return new Convolution(
                take(key + ".weight", out, in, kernel, kernel),
                Optional.of(take(key + ".bias", out)),
                stride,
                padding,
                false);
    }

    /**
     * {@code key.weight [in, out, k, k]} and {@code key.bias [out]} of a transposed convolution.
     */
    Convolution transposedConvolution(
            String key, int in, int out, int kernel, int stride, int padding) {
        return new Convolution(
                take(key + ".weight", in, out, kernel, kernel),
                Optional.of(take(key + ".bias", out)),
                stride,
                padding,
                true);
    }

    /**
     * Ends the taking.
     *
     * @throws CheckpointException.Unsupported listing every tensor that is missing, misshapen or
     *     unknown
     */
    void finish(String layout) {
        left.forEach(key -> problems.add("'%s' %s is unknown".formatted(key, tensors.get(key))));
        if (!problems.isEmpty()) {
            throw new CheckpointException.Unsupported(
                    "not a %s network: %s".formatted(layout, String.join("; ", problems)));
        }
    }
}
