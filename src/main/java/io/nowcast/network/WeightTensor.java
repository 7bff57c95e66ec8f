package io.nowcast.network;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * One trained tensor as float32, contiguous in row-major order.
 *
 * <p>The values are shared, not copied: whoever makes a tensor hands its array over and must not
 * write to it again.
 */
public final class WeightTensor {

    /** Most values of a tensor, the longest array of every Java runtime. */
    public static final int MOST_VALUES = Integer.MAX_VALUE - 8;

    private final int[] shape;
    private final float[] values;

    /**
     * @param shape sizes, outermost first; empty for a scalar
     * @throws IllegalArgumentException if the number of values is not the product of the sizes
     */
    public WeightTensor(int[] shape, float[] values) {
        long count = 1;
        for (int size : shape) {
            count = Math.multiplyExact(count, size);
        }
        if (count != values.length) {
            throw new IllegalArgumentException(
                    "a tensor of shape %s has %d values, got %d"
                            .formatted(Arrays.toString(shape), count, values.length));
        }
        this.shape = shape.clone();
        this.values = values;
    }

    /** A tensor of zeros. */
    public static WeightTensor zeros(int... shape) {
        return new WeightTensor(shape, new float[IntStream.of(shape).reduce(1, (a, b) -> a * b)]);
    }

    public int[] shape() {
        return shape.clone();
    }

    /** The size of one dimension. */
    public int size(int dimension) {
        return shape[dimension];
    }

    /** Number of dimensions. */
    public int rank() {
        return shape.length;
    }

    /** The backing array in row-major order: to be read, never written. */
    public float[] values() {
        return values;
    }

    /**
     * This tensor and another side by side along one dimension.
     *
     * @throws IllegalArgumentException if they differ in another dimension, or are more together
     *     than a tensor can hold
     */
    public WeightTensor joinedWith(WeightTensor other, int dimension) {
        int[] joined = shape.clone();
        joined[dimension] = other.shape[dimension];
        if (!Arrays.equals(joined, other.shape)) {
            throw new IllegalArgumentException(
                    "%s and %s differ in more than dimension %d".formatted(this, other, dimension));
        }
        long count = (long) values.length + other.values.length;
        if (count > MOST_VALUES) {
            throw new IllegalArgumentException(
                    "%s and %s have %d values together, a tensor has at most %d"
                            .formatted(this, other, count, MOST_VALUES));
        }
        joined[dimension] += shape[dimension];
        int inner = block(shape, dimension);
        int otherInner = block(other.shape, dimension);
        float[] all = new float[values.length + other.values.length];
        int outer = inner == 0 ? 0 : values.length / inner;
        for (int index = 0; index < outer; index++) {
            int target = index * (inner + otherInner);
            System.arraycopy(values, index * inner, all, target, inner);
            System.arraycopy(other.values, index * otherInner, all, target + inner, otherInner);
        }
        return new WeightTensor(joined, all);
    }

    /** A run of {@code length} entries of one dimension. */
    public WeightTensor slice(int dimension, int from, int length) {
        int[] part = shape.clone();
        part[dimension] = length;
        int inner = block(shape, dimension);
        int entry = inner / shape[dimension];
        float[] kept = new float[values.length / inner * length * entry];
        int target = 0;
        for (int outer = from * entry; outer < values.length; outer += inner) {
            System.arraycopy(values, outer, kept, target, length * entry);
            target += length * entry;
        }
        return new WeightTensor(part, kept);
    }

    /** The entries of one dimension with the given indices, in their order. */
    public WeightTensor gather(int dimension, int[] indices) {
        int[] part = shape.clone();
        part[dimension] = indices.length;
        int inner = block(shape, dimension);
        int entry = inner / shape[dimension];
        float[] kept = new float[values.length / inner * indices.length * entry];
        int target = 0;
        for (int outer = 0; outer < values.length; outer += inner) {
            for (int index : indices) {
                System.arraycopy(values, outer + index * entry, kept, target, entry);
                target += entry;
            }
        }
        return new WeightTensor(part, kept);
    }

    /** The tensor with a run of entries of the outermost dimension mapped, the others kept. */
    public WeightTensor mapRows(int from, int length, DoubleUnaryOperator function) {
        int entry = values.length / shape[0];
        float[] mapped = values.clone();
        for (int index = from * entry; index < (from + length) * entry; index++) {
            mapped[index] = (float) function.applyAsDouble(mapped[index]);
        }
        return new WeightTensor(shape, mapped);
    }

    /** The element-wise sum with a tensor of the same shape. */
    public WeightTensor plus(WeightTensor other) {
        float[] sum = values.clone();
        for (int index = 0; index < sum.length; index++) {
            sum[index] += other.values[index];
        }
        return new WeightTensor(shape, sum);
    }

    /** The same values in another shape. */
    public WeightTensor reshaped(int... other) {
        return new WeightTensor(other, values);
    }

    /** Number of values of one entry of the dimensions outside {@code dimension}. */
    private static int block(int[] shape, int dimension) {
        int count = 1;
        for (int index = dimension; index < shape.length; index++) {
            count *= shape[index];
        }
        return count;
    }

    @Override
    public String toString() {
        return "tensor" + Arrays.toString(shape);
    }
}
