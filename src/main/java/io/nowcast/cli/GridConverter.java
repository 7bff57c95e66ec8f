package io.nowcast.cli;

import io.nowcast.frames.GridShape;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A grid as {@code 256x256}. */
final class GridConverter implements ITypeConverter<GridShape> {

    @Override
    public GridShape convert(String text) {
        String[] sides = text.split("x", -1);
        try {
            if (sides.length == 2) {
                return new GridShape(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
            }
        } catch (IllegalArgumentException _) {
            // The message below says what a grid looks like.
        }
        throw new TypeConversionException("expected a grid such as 256x256, got '" + text + "'");
    }
}
