package io.nowcast.codec;

import java.util.List;

/** An array of numbers in a file, of any type and any number of dimensions. */
interface CfVariable {

    /** The sizes of the dimensions, slowest first. */
    List<Long> shape();

    /** Whether the elements are numbers. */
    boolean numeric();

    /**
     * Reads all elements in row-major order.
     *
     * @param meaning the value that each stored number stands for
     * @param start where the first goes
     * @throws CodecException if the data are damaged or beyond the limits
     */
    void read(NumberMeaning meaning, float[] values, int start);

    /** The elements of a coordinate: a variable of at most one dimension. */
    double[] coordinate();

    /** Whether numbers are stored as float32, in which a fill value is then compared. */
    boolean singlePrecision();

    /** The number of elements, {@code Long.MAX_VALUE} where that overflows. */
    default long size() {
        long size = 1;
        for (long length : shape()) {
            if (Math.multiplyHigh(size, length) != 0 || size * length < 0) {
                return Long.MAX_VALUE;
            }
            size *= length;
        }
        return size;
    }
}
