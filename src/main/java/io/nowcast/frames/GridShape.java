package io.nowcast.frames;

/**
 * The size of a radar grid in pixels; row 0 is the northern edge, column 0 the western one.
 *
 * @param height number of rows, at least 1
 * @param width number of columns, at least 1
 */
public record GridShape(int height, int width) {

    public GridShape {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "a grid needs at least one row and one column, got " + height + "x" + width);
        }
    }

    /**
     * Number of pixels; {@code long}, since the product of two valid sides can exceed {@code int}.
     */
    public long pixels() {
        return (long) height * width;
    }

    /**
     * The smallest grid that contains this one and whose sides are multiples of {@code multiple}.
     */
    public GridShape roundedUpTo(int multiple) {
        return new GridShape(
                Math.ceilDiv(height, multiple) * multiple,
                Math.ceilDiv(width, multiple) * multiple);
    }

    @Override
    public String toString() {
        return height + "x" + width;
    }
}
