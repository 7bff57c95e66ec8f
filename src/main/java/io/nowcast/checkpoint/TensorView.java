package io.nowcast.checkpoint;

import io.nowcast.checkpoint.PickledValue.Storage;
import io.nowcast.network.WeightTensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A tensor as a strided window on a storage: element {@code [i, j, ...]} is number {@code offset +
 * i * strides[0] + j * strides[1] + ...} of the storage. Every element is known to lie inside it.
 */
record TensorView(Storage storage, long offset, List<Long> shape, List<Long> strides) {

    /** PyTorch allows 64, but no layer of a network has more than five. */
    static final int HIGHEST_RANK = 16;

    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    /**
     * @throws IllegalArgumentException if an element would lie outside the storage, or the tensor
     *     has more values than a Java array
     */
    TensorView {
        shape = List.copyOf(shape);
        strides = List.copyOf(strides);
        if (shape.size() != strides.size() || shape.size() > HIGHEST_RANK) {
            throw new IllegalArgumentException(
                    "%d sizes and %d strides".formatted(shape.size(), strides.size()));
        }
        try {
            requireInside(storage, offset, shape, strides);
        } catch (ArithmeticException _) {
            throw new IllegalArgumentException(
                    "shape %s with strides %s exceeds any memory".formatted(shape, strides));
        }
    }

    /** A tensor that fills its storage in row-major order. */
    static TensorView contiguous(Storage storage, List<Long> shape) {
        Long[] strides = new Long[shape.size()];
        long stride = 1;
        for (int axis = shape.size() - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride = saturatedMultiply(stride, Math.max(1, shape.get(axis)));
        }
        return new TensorView(storage, 0, shape, List.of(strides));
    }

    /** Number of values. */
    long count() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** Copies the values out of the storage's bytes. */
    WeightTensor read(MemorySegment bytes) {
        float[] values = new float[(int) count()];
        // One without values may begin anywhere, in PyTorch's own files too.
        if (values.length > 0 && isContiguous()) {
            storage.type().copy(bytes, offset, values);
        } else if (values.length > 0) {
            gather(bytes, values);
        }
        return new WeightTensor(shape.stream().mapToInt(Math::toIntExact).toArray(), values);
    }

    private boolean isContiguous() {
        long expected = 1;
        for (int axis = shape.size() - 1; axis >= 0; axis--) {
            if (shape.get(axis) != 1 && strides.get(axis) != expected) {
                return false;
            }
            expected *= shape.get(axis);
        }
        return true;
    }

    /** Walks through the elements in row-major order, as an odometer does. */
    private void gather(MemorySegment bytes, float[] values) {
        ElementType type = storage.type();
        int last = shape.size() - 1;
        long[] digits = new long[shape.size()];
        long element = offset;
        for (int i = 0; i < values.length; i++) {
            values[i] = type.read(bytes, element * type.bytes());
            int axis = last;
            element += strides.get(axis);
            while (++digits[axis] == shape.get(axis) && axis > 0) {
                element -= strides.get(axis) * shape.get(axis);
                digits[axis] = 0;
                axis--;
                element += strides.get(axis);
            }
        }
    }

    private static void requireInside(
            Storage storage, long offset, List<Long> shape, List<Long> strides) {
        long count = 1;
        long furthest = offset;
        for (int axis = 0; axis < shape.size(); axis++) {
            long size = shape.get(axis);
            long stride = strides.get(axis);
            if (size < 0 || stride < 0) {
                throw new IllegalArgumentException(
                        "negative size or stride in shape %s, strides %s"
                                .formatted(shape, strides));
            }
            count = Math.multiplyExact(count, size);
            furthest = Math.addExact(furthest, Math.multiplyExact(Math.max(0, size - 1), stride));
        }
        if (count > LARGEST_ARRAY || shape.stream().anyMatch(size -> size > LARGEST_ARRAY)) {
            throw new IllegalArgumentException(
                    "shape %s, which exceeds the %d values of an array"
                            .formatted(shape, LARGEST_ARRAY));
        }
        if (offset < 0 || (count > 0 && furthest >= storage.count())) {
            throw new IllegalArgumentException(
                    "shape %s, strides %s, offset %d need %d elements, storage '%s' has %d"
                            .formatted(
                                    shape,
                                    strides,
                                    offset,
                                    furthest + 1,
                                    storage.key(),
                                    storage.count()));
        }
    }

    private static long saturatedMultiply(long stride, long size) {
        return Math.multiplyHigh(stride, size) == 0 && stride * size > 0
                ? stride * size
                : Long.MAX_VALUE;
    }
}
