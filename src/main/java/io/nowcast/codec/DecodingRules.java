package io.nowcast.codec;

import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import java.util.OptionalDouble;

/**
 * What the numbers of a body mean: the model's defaults with the request's overrides merged in.
 *
 * @param unit unit of floating-point values
 * @param eightBit encoding of integers of up to 8 bits, booleans and PNGs of up to 8 bits
 * @param sixteenBit encoding of 16-bit integers
 * @param widerInteger encoding of 32- and 64-bit integers
 * @param fillValue floating-point value that means "missing" besides NaN; compared in the precision
 *     that the values came in
 * @param encodingGiven whether the request itself told how integers are meant; else a file that
 *     tells it is followed
 */
public record DecodingRules(
        RainUnit unit,
        PixelEncoding eightBit,
        PixelEncoding sixteenBit,
        PixelEncoding widerInteger,
        OptionalDouble fillValue,
        boolean encodingGiven) {

    /** Rules of a request that does not say how integers are meant. */
    public DecodingRules(
            RainUnit unit,
            PixelEncoding eightBit,
            PixelEncoding sixteenBit,
            PixelEncoding widerInteger,
            OptionalDouble fillValue) {
        this(unit, eightBit, sixteenBit, widerInteger, fillValue, false);
    }

    /** The encoding of integers this wide. */
    PixelEncoding encoding(int bits) {
        if (bits <= 8) {
            return eightBit;
        }
        return bits <= 16 ? sixteenBit : widerInteger;
    }
}
