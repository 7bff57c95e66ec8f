package io.nowcast.codec;

import java.util.List;

/**
 * What the header of an NPY array promises.
 *
 * @param shape sizes, outermost first; not negative, otherwise as the client wrote them
 * @param fortranOrder whether the first index varies fastest in memory
 * @param dataOffset where the elements start, in bytes
 */
record NpyHeader(NpyType type, boolean fortranOrder, List<Long> shape, int dataOffset) {

    /** The shape as Python writes it. */
    String shapeText() {
        return shape.toString();
    }
}
