package io.nowcast.network;

import java.util.Arrays;

/**
 * One trained tensor as float32, contiguous in row-major order.
 *
 * <p>The values are shared, not copied: whoever makes a tensor hands its array over and must not
 * write to it again.
 */
public final class WeightTensor {

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

    @Override
    public String toString() {
        return "tensor" + Arrays.toString(shape);
    }
}
