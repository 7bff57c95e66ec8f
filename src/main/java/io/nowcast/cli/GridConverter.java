package io.nowcast.cli;

import io.nowcast.frames.GridShape;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A grid as {@code 256x256}. */
final class GridConverter implements ITypeConverter<GridShape> {

    @Override
    public GridShape convert(String text) {
        try {
            return GridShape.parse(text);
        } catch (IllegalArgumentException problem) {
            throw new TypeConversionException(String.valueOf(problem.getMessage()));
        }
    }
}
