package io.nowcast.codec;

import io.nowcast.frames.PixelEncoding;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.OptionalDouble;

/**
 * Turns array elements of any real type and byte order into physical float32 values.
 *
 * <p>Buffers copy in bulk, swapping bytes where needed, into a piece small enough to stay in the
 * cache; a plain loop over that piece converts it. Values beyond the range of float32 become
 * infinite. 64-bit integers lose what a {@code double} cannot hold.
 */
final class ElementReader {

    private static final int PIECE = 4096;

    private final NpyType type;
    private final DecodingRules rules;

    ElementReader(NpyType type, DecodingRules rules) {
        this.type = type;
        this.rules = rules;
    }

    /** The values of all elements in the buffer, whose byte order is the type's. */
    float[] read(ByteBuffer elements) {
        float[] values = new float[elements.remaining() / type.bytes()];
        boolean signed = type.kind() == NpyType.Kind.SIGNED;
        if (type.integer()) {
            PixelEncoding encoding = rules.encoding(type.bits());
            switch (type.bytes()) {
                case 1 -> readBytes(elements, PixelLookup.table(encoding, 8, signed), values);
                case 2 ->
                        readShorts(
                                elements.asShortBuffer(),
                                PixelLookup.table(encoding, 16, signed),
                                values);
                case 4 -> readInts(elements.asIntBuffer(), encoding, signed, values);
                default -> readLongs(elements.asLongBuffer(), encoding, signed, values);
            }
        } else {
            switch (type.bytes()) {
                case 2 -> readHalves(elements.asShortBuffer(), values);
                case 4 -> readSingles(elements, values);
                default -> readDoubles(elements.asDoubleBuffer(), values);
            }
        }
        return values;
    }

    private static void readBytes(ByteBuffer source, float[] table, float[] values) {
        byte[] piece = new byte[PIECE];
        for (int start = 0; start < values.length; start += PIECE) {
            int length = Math.min(PIECE, values.length - start);
            source.get(piece, 0, length);
            for (int i = 0; i < length; i++) {
                values[start + i] = table[Byte.toUnsignedInt(piece[i])];
            }
        }
    }

    private static void readShorts(ShortBuffer source, float[] table, float[] values) {
        short[] piece = new short[PIECE];
        for (int start = 0; start < values.length; start += PIECE) {
            int length = Math.min(PIECE, values.length - start);
            source.get(piece, 0, length);
            for (int i = 0; i < length; i++) {
                values[start + i] = table[Short.toUnsignedInt(piece[i])];
            }
        }
    }

    private static void readInts(
            IntBuffer source, PixelEncoding encoding, boolean signed, float[] values) {
        int[] piece = new int[PIECE];
        for (int start = 0; start < values.length; start += PIECE) {
            int length = Math.min(PIECE, values.length - start);
            source.get(piece, 0, length);
            for (int i = 0; i < length; i++) {
                double value = signed ? piece[i] : Integer.toUnsignedLong(piece[i]);
                values[start + i] = PixelLookup.physical(encoding, value);
            }
        }
    }

    private static void readLongs(
            LongBuffer source, PixelEncoding encoding, boolean signed, float[] values) {
        long[] piece = new long[PIECE];
        for (int start = 0; start < values.length; start += PIECE) {
            int length = Math.min(PIECE, values.length - start);
            source.get(piece, 0, length);
            for (int i = 0; i < length; i++) {
                double value = signed ? (double) piece[i] : unsigned(piece[i]);
                values[start + i] = PixelLookup.physical(encoding, value);
            }
        }
    }

    private void readHalves(ShortBuffer source, float[] values) {
        short[] piece = new short[PIECE];
        for (int start = 0; start < values.length; start += PIECE) {
            int length = Math.min(PIECE, values.length - start);
            source.get(piece, 0, length);
            for (int i = 0; i < length; i++) {
                values[start + i] = Float.float16ToFloat(piece[i]);
            }
        }
        OptionalDouble fill = rules.fillValue();
        if (fill.isPresent()) {
            short half = Float.floatToFloat16((float) fill.getAsDouble());
            blank(values, Float.float16ToFloat(half));
        }
    }

    private void readSingles(ByteBuffer source, float[] values) {
        source.asFloatBuffer().get(values);
        OptionalDouble fill = rules.fillValue();
        if (fill.isPresent()) {
            blank(values, (float) fill.getAsDouble());
        }
    }

    private void readDoubles(DoubleBuffer source, float[] values) {
        double fill = rules.fillValue().orElse(Double.NaN); // Equal to nothing.
        double[] piece = new double[PIECE];
        for (int start = 0; start < values.length; start += PIECE) {
            int length = Math.min(PIECE, values.length - start);
            source.get(piece, 0, length);
            for (int i = 0; i < length; i++) {
                values[start + i] = piece[i] == fill ? Float.NaN : (float) piece[i];
            }
        }
    }

    private static void blank(float[] values, float fill) {
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] == fill ? Float.NaN : values[i];
        }
    }

    private static double unsigned(long value) {
        // Halving keeps the lowest bit sticky, so that the conversion rounds once and correctly.
        return value >= 0 ? value : (double) ((value >>> 1) | (value & 1)) * 2;
    }
}
