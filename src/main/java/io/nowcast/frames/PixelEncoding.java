package io.nowcast.frames;

import java.util.OptionalDouble;

/**
 * How integers stand for physical values: {@code physical = integer * scaleFactor + addOffset},
 * missing where the integer equals the fill value. Names and rule are those of the <a
 * href="https://cfconventions.org/cf-conventions/cf-conventions.html#packed-data">CF conventions,
 * packed data</a>.
 *
 * @param unit unit of the physical value
 * @param scaleFactor not 0, finite
 * @param addOffset finite
 * @param fillValue the integer that means "missing", if one does
 */
public record PixelEncoding(
        RainUnit unit, double scaleFactor, double addOffset, OptionalDouble fillValue) {

    public PixelEncoding {
        if (!Double.isFinite(scaleFactor) || scaleFactor == 0 || !Double.isFinite(addOffset)) {
            throw new IllegalArgumentException(
                    "scale_factor must be finite and not 0, add_offset finite; got %s and %s"
                            .formatted(scaleFactor, addOffset));
        }
    }

    /** Integers that are the physical values themselves, none of them missing. */
    public static PixelEncoding identity(RainUnit unit) {
        return new PixelEncoding(unit, 1, 0, OptionalDouble.empty());
    }
}
