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
     * Reads a grid written like {@code 256x512}, height first, as {@link #toString} writes it.
     *
     * @throws IllegalArgumentException if the text is no such grid
     */
    public static GridShape parse(String text) {
        String[] sides = text.split("x", -1);
        try {
            if (sides.length == 2) {
                return new GridShape(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
            }
        } catch (NumberFormatException _) {
            // The message below says what a grid looks like.
        }
        throw new IllegalArgumentException("a grid is written like 256x256, got '" + text + "'");
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
