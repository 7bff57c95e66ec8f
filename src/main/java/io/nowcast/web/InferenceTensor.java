package io.nowcast.web;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/*
 * Filled by one thread. The members of a tensor come in any order, so its numbers are collected before their type and
 * shape are known; they are collected as primitives, since a body may hold millions of them.
 */

/** The tensor of an inference request while it is read. */
final class InferenceTensor {

    private final long elementLimit;
    private final LongConsumer memory;
    private @Nullable TensorType type;
    private long @Nullable [] shape;
    private OptionalLong binarySize = OptionalLong.empty();
    private double[] numbers = new double[1024];
    private int count;
    private boolean hasNumbers;

    /**
     * Makes an empty one.
     *
     * @param elementLimit most numbers that it may be given
     * @param memory is told what it takes in all, before it does
     */
    InferenceTensor(long elementLimit, LongConsumer memory) {
        this.elementLimit = elementLimit;
        this.memory = memory;
    }

    void setType(TensorType told) {
        type = told;
    }

    void setShape(long[] told) {
        shape = told;
    }

    /** Bytes of the tensor behind the JSON. */
    void setBinarySize(long told) {
        binarySize = OptionalLong.of(told);
    }

    /** There are numbers in the JSON, none of them perhaps. */
    void expectNumbers() {
        hasNumbers = true;
    }

    /**
     * Appends a number.
     *
     * @throws BodyException 413 if it is one too many
     */
    void add(double number) {
        if (count == elementLimit) {
            throw new BodyException(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "data holds more than %d numbers (nowcast.limits.expanded)"
                            .formatted(elementLimit));
        }
        if (count == numbers.length) {
            int longer = (int) Math.min(2L * count, elementLimit);
            memory.accept(((long) count + longer) * Double.BYTES);
            numbers = Arrays.copyOf(numbers, longer);
        }
        numbers[count++] = number;
    }

    /**
     * The tensor as an NPY file.
     *
     * @param jsonLength where in the body the JSON ends and bytes begin
     * @throws BodyException 400 if type, shape and values are not all there or contradict each
     *     other
     */
    byte[] npy(byte[] body, int jsonLength) {
        if (type == null || shape == null) {
            throw InferenceRequestReader.malformed("the input needs a datatype and a shape");
        }
        if (hasNumbers == binarySize.isPresent()) {
            throw InferenceRequestReader.malformed(
                    "the input needs either data or the parameter binary_data_size, with its bytes behind the JSON");
        }
        return hasNumbers ? fromNumbers(type, shape) : fromBytes(type, shape, body, jsonLength);
    }

    private byte[] fromNumbers(TensorType known, long[] sides) {
        long elements = InferenceRequest.elements(sides);
        if (elements != count) {
            throw InferenceRequestReader.malformed(
                    "shape %s has %d elements, data has %d"
                            .formatted(Arrays.toString(sides), elements, count));
        }
        long bytes = (long) count * known.bytes();
        if (bytes > Integer.MAX_VALUE / 2) {
            throw new BodyException(
                    HttpStatus.CONTENT_TOO_LARGE, "data holds %d bytes".formatted(bytes));
        }
        memory.accept((long) numbers.length * Double.BYTES + bytes);
        byte[] npy = InferenceRequest.npy(known, sides, (int) bytes);
        ByteBuffer values =
                ByteBuffer.wrap(npy)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .position(npy.length - (int) bytes);
        for (int index = 0; index < count; index++) {
            if (!known.holds(numbers[index])) {
                throw InferenceRequestReader.malformed(
                        "element %d of data is %s, which %s cannot hold"
                                .formatted(index, numbers[index], known));
            }
            known.put(values, numbers[index]);
        }
        return npy;
    }

    private byte[] fromBytes(TensorType known, long[] sides, byte[] body, int jsonLength) {
        long elements = InferenceRequest.elements(sides);
        int found = body.length - jsonLength;
        long size = binarySize.orElse(-1);
        boolean fits = elements <= Integer.MAX_VALUE && size == elements * known.bytes();
        if (!fits || size != found) {
            throw InferenceRequestReader.malformed(
                    "shape %s of %s has %d elements of %d bytes, binary_data_size is %d, %d bytes follow the JSON"
                            .formatted(
                                    Arrays.toString(sides),
                                    known,
                                    elements,
                                    known.bytes(),
                                    size,
                                    found));
        }
        memory.accept(found);
        byte[] npy = InferenceRequest.npy(known, sides, found);
        System.arraycopy(body, jsonLength, npy, npy.length - found, found);
        return npy;
    }
}
