package io.nowcast.layout;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.checkpoint.CheckpointFormat;
import io.nowcast.network.Convolution;
import io.nowcast.network.WeightTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The tensors of a checkpoint while a layout takes them. Everything that is missing, misshapen or
 * left over is collected, so that all of it can be told at once.
 */
final class Weights {

    /** A number that something other than {@code .weight} or {@code .bias} follows. */
    private static final Pattern PLACE = Pattern.compile("(?<!\\d)\\d++(?!\\.(?:weight|bias)$)");

    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";

    private final Map<String, WeightTensor> tensors;
    private final boolean sorted;
    private final Set<String> left;

    /** A key of each {@link #family}. */
    private final Map<String, String> families = new HashMap<>();

    private final List<String> problems = new ArrayList<>();
    private final List<KeyRole> roles = new ArrayList<>();

    /** How many values may still be made up for tensors that do not fit. */
    private long spare;

    Weights(Checkpoint checkpoint) {
        SequencedMap<String, WeightTensor> all = checkpoint.tensors();
        this.tensors = all;
        this.sorted = checkpoint.format() == CheckpointFormat.SAFETENSORS;
        this.left = new LinkedHashSet<>(all.keySet());
        this.spare = all.values().stream().mapToLong(tensor -> tensor.values().length).sum();
        all.keySet().forEach(key -> families.putIfAbsent(family(key), key));
    }

    /**
     * No network has tensors without values, and much of a reading divides by their sizes.
     *
     * @throws IllegalArgumentException with the first one's key if there are any
     */
    void requireValues() {
        tensors.forEach((key, tensor) -> {
            if (tensor.values().length == 0) {
                throw new IllegalArgumentException(
                        "'%s' has shape %s: it holds no values"
                                .formatted(key, Arrays.toString(tensor.shape())));
            }
        });
    }

    boolean has(String key) {
        return tensors.containsKey(key);
    }

    /** All keys, in the order of the file. */
    Set<String> keys() {
        return tensors.keySet();
    }

    /**
     * Whether the order of the keys tells nothing: safetensors sorts them, the others keep the
     * order in which the network defines its layers.
     */
    boolean sorted() {
        return sorted;
    }

    /** The keys that nothing has taken yet, in the order of the file. */
    List<String> left() {
        return List.copyOf(left);
    }

    /** The size of one dimension of a tensor; 1 where the tensor or the dimension is not there. */
    int size(String key, int dimension) {
        WeightTensor tensor = tensors.get(key);
        return tensor == null || tensor.rank() <= dimension ? 1 : tensor.size(dimension);
    }

    /** Number of dimensions; 0 where the tensor is not there. */
    int rank(String key) {
        WeightTensor tensor = tensors.get(key);
        return tensor == null ? 0 : tensor.rank();
    }

    /** A tensor of an exact shape; zeros and a problem where it is not there or has another. */
    WeightTensor take(String role, String key, int... shape) {
        left.remove(key);
        WeightTensor tensor = tensors.get(key);
        if (tensor == null) {
            problems.add("'%s' %s is missing (%s)".formatted(key, Arrays.toString(shape), role));
        } else {
            roles.add(new KeyRole(key, tensor.shape(), role, false));
            if (Arrays.equals(tensor.shape(), shape)) {
                return tensor;
            }
            problems.add(
                    "'%s' has shape %s, expected %s (%s)"
                            .formatted(
                                    key,
                                    Arrays.toString(tensor.shape()),
                                    Arrays.toString(shape),
                                    role));
        }
        return placeholder(key, shape);
    }

    /**
     * Zeros in place of a tensor that does not fit, so that the reading can go on. Forged sizes
     * could multiply to any amount: all of them together are never more than the file.
     */
    private WeightTensor placeholder(String key, int[] shape) {
        long most = spare;
        for (int size : shape) {
            most = size < 1 ? 0 : most / size;
        }
        if (most == 0) {
            throw new IllegalArgumentException(
                    "with '%s' %s, more is missing than the file holds"
                            .formatted(key, Arrays.toString(shape)));
        }
        WeightTensor zeros = WeightTensor.zeros(shape);
        spare -= zeros.values().length;
        return zeros;
    }

    /** Takes a tensor that no inference needs. */
    void ignore(String role, String key) {
        WeightTensor tensor = tensors.get(key);
        if (tensor != null) {
            left.remove(key);
            roles.add(new KeyRole(key, tensor.shape(), role, true));
        }
    }

    /**
     * {@code key.bias [out]}, where the layer has one; it has if its namesake of another number
     * does.
     */
    private Optional<WeightTensor> bias(String role, String key, int out) {
        return families.containsKey(family(key + BIAS))
                ? requiredBias(role, key, out)
                : Optional.empty();
    }

    /**
     * The key without the numbers in it, which namesakes in other layers share, but for one that is
     * a step of its own at the end: that counts the layers of a sequence, which are of different
     * kinds.
     */
    private static String family(String key) {
        return PLACE.matcher(key).replaceAll("#");
    }

    private Optional<WeightTensor> requiredBias(String role, String key, int out) {
        return Optional.of(take(role + ", bias", key + BIAS, out));
    }

    /**
     * {@code key.weight} as the filter of a convolution {@code [out, in, kh, kw]}: a linear layer's
     * becomes one of 1x1, a {@code Conv3d}'s loses its kernel of 1 over time. Sides are odd, since
     * "same" padding needs a centre.
     */
    WeightTensor filter(String role, String key, int out, int in) {
        String name = key + WEIGHT;
        int first = rank(name) == 5 ? 3 : 2;
        int rows = kernel(name, first);
        int columns = kernel(name, first + 1);
        if (rows % 2 == 0 || columns % 2 == 0) {
            left.remove(name);
            problems.add(
                    "'%s' has a kernel of %dx%d, expected an odd one (%s)"
                            .formatted(name, rows, columns, role));
            return placeholder(name, new int[] {out, in, 1, 1});
        }
        return switch (rank(name)) {
            case 2 -> take(role, name, out, in).reshaped(out, in, 1, 1);
            case 5 -> take(role, name, out, in, 1, rows, columns).reshaped(out, in, rows, columns);
            default -> take(role, name, out, in, rows, columns);
        };
    }

    /** A side of the kernel that the tensor has, or else its namesake in another layer. */
    private int kernel(String name, int dimension) {
        return size(has(name) ? name : families.getOrDefault(family(name), name), dimension);
    }

    /** A convolution with bias that keeps the grid. */
    Convolution biased(String role, String key, int out, int in) {
        return Convolution.same(filter(role, key, out, in), requiredBias(role, key, out));
    }

    /**
     * A convolution that keeps the grid; with a bias where a layer that is made in the same way, by
     * its key, has one.
     */
    Convolution alike(String other, String role, String key, int out, int in) {
        return Convolution.same(
                filter(role, key, out, in),
                has(other + BIAS) ? requiredBias(role, key, out) : Optional.empty());
    }

    /** A convolution that keeps the grid; with a bias where the file has one. */
    Convolution same(String role, String key, int out, int in) {
        return Convolution.same(filter(role, key, out, in), bias(role, key, out));
    }

    /** {@code key.weight [out, in, k, k]} and {@code key.bias [out]}. */
    Convolution convolution(
            String role, String key, int out, int in, int kernel, int stride, int padding) {
        return new Convolution(
                take(role, key + WEIGHT, out, in, kernel, kernel),
                requiredBias(role, key, out),
                stride,
                padding,
                false);
    }

    /** {@code key.weight [in, out, k, k]} of a transposed convolution, and its bias. */
    Convolution transposedConvolution(
            String role, String key, int in, int out, int kernel, int stride, int padding) {
        return new Convolution(
                take(role, key + WEIGHT, in, out, kernel, kernel),
                requiredBias(role, key, out),
                stride,
                padding,
                true);
    }

    /** {@code key.weight} of a convolution that a norm follows: of a square kernel, no bias. */
    Convolution unbiased(
            String role,
            String key,
            int out,
            int in,
            int kernel,
            int stride,
            int padding,
            boolean transposed) {
        WeightTensor weight =
                transposed
                        ? take(role, key + WEIGHT, in, out, kernel, kernel)
                        : take(role, key + WEIGHT, out, in, kernel, kernel);
        return new Convolution(weight, Optional.empty(), stride, padding, transposed);
    }

    /** Leaves a layer or a tensor out of what is unknown, until the manifest says what it is. */
    void setAside(String name) {
        left.removeAll(List.of(name, name + WEIGHT, name + BIAS));
    }

    /** What each tensor that was taken is for, in the order of the taking. */
    List<KeyRole> roles() {
        return List.copyOf(roles);
    }

    /** Every tensor that is missing or misshapen, for people. */
    List<String> misshapen() {
        return List.copyOf(problems);
    }

    /** Every tensor that nothing has taken. */
    List<String> unknown() {
        return left.stream()
                .map(key -> "'%s' %s is unknown".formatted(key, tensors.get(key)))
                .toList();
    }

    /** The tensors that a reading did not get to. */
    List<String> unread() {
        return left.isEmpty() ? List.of() : List.of("not read: " + left);
    }
}
