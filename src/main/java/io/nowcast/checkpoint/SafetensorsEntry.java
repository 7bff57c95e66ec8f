package io.nowcast.checkpoint;

import io.nowcast.checkpoint.PickledValue.Storage;
import java.util.List;

/**
 * One tensor as a safetensors header describes it; the size in bytes follows from type and shape.
 *
 * @param begin first byte, counted from the end of the header
 * @param end byte behind the last one
 */
record SafetensorsEntry(String name, ElementType type, List<Long> shape, long begin, long end) {

    /**
     * @throws CheckpointException.Malformed if the range is not the size of the tensor
     */
    SafetensorsEntry {
        shape = List.copyOf(shape);
        if (begin < 0 || end < begin || end - begin != bytes(type, shape)) {
            throw new CheckpointException.Malformed(
                    "safetensors: '%s' of %s %s cannot lie in the bytes %d to %d"
                            .formatted(name, type, shape, begin, end));
        }
    }

    TensorView view() {
        try {
            return TensorView.contiguous(
                    new Storage(type, name, (end - begin) / type.bytes()), shape);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException.Malformed(
                    "safetensors: '%s' cannot have %s".formatted(name, e.getMessage()));
        }
    }

    /** -1 if no memory could hold the tensor. */
    private static long bytes(ElementType type, List<Long> shape) {
        try {
            long bytes = type.bytes();
            for (long size : shape) {
                bytes = Math.multiplyExact(bytes, size);
            }
            return bytes;
        } catch (ArithmeticException _) {
            return -1;
        }
    }
}
