package io.nowcast.codec;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes NPY arrays of format 1.0, little-endian and in C order, byte for byte as NumPy does.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">NumPy: NPY
 *     format</a>
 */
final class NpyWriter {

    /** The data start at a multiple of this, for readers that map them into memory. */
    private static final int ALIGNMENT = 64;

    /** NumPy leaves room for the first size to grow to this many digits in place. */
    private static final int GROWTH_DIGITS = 21;

    private static final int PREFIX = 10;
    private static final int PIECE_BYTES = 1 << 18;

    private NpyWriter() {}

    /** float32 {@code [S, H, W]}, or {@code [B, S, H, W]} if batched. */
    static void write(List<FrameSequence> sequences, boolean batched, OutputStream out)
            throws IOException {
        FrameSequence first = sequences.getFirst();
        GridShape grid = first.grid();
        List<Integer> shape = List.of(first.length(), grid.height(), grid.width());
        if (batched) {
            shape = List.of(sequences.size(), first.length(), grid.height(), grid.width());
        }
        out.write(header("<f4", shape));
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer pieceValues = piece.asFloatBuffer();
        for (FrameSequence sequence : sequences) {
            float[] values = sequence.values();
            for (int start = 0; start < values.length; start += pieceValues.capacity()) {
                int count = Math.min(pieceValues.capacity(), values.length - start);
                pieceValues.put(0, values, start, count);
                out.write(piece.array(), 0, count * Float.BYTES);
            }
        }
    }

    /** A float64 array {@code [N]}. */
    static byte[] doubles(double[] values) {
        long[] bits = Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
        return append(header("<f8", List.of(values.length)), bits);
    }

    /** An int64 array {@code [N]}. */
    static byte[] longs(long[] values) {
        return append(header("<i8", List.of(values.length)), values);
    }

    /** An int64 array without dimensions. */
    static byte[] scalar(long value) {
        return append(header("<i8", List.of()), new long[] {value});
    }

    private static byte[] append(byte[] header, long[] elements) {
        byte[] npy = Arrays.copyOf(header, header.length + elements.length * Long.BYTES);
        ByteBuffer.wrap(npy, header.length, elements.length * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .put(elements);
        return npy;
    }

    private static byte[] header(String type, List<Integer> shape) {
        String sizes = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
        String dictionary =
                "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
                        .formatted(type, shape.size() == 1 ? sizes + "," : sizes);
        int growth = shape.isEmpty() ? 0 : GROWTH_DIGITS - shape.getFirst().toString().length();
        int unpadded = PREFIX + dictionary.length() + growth + 1;
        // NumPy always pads, by a whole block where none is needed.
        int length = (unpadded / ALIGNMENT + 1) * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        header.put(Signature.NPY_MAGIC).put((byte) 1).put((byte) 0);
        header.putShort((short) (length - PREFIX));
        header.put(dictionary.getBytes(StandardCharsets.US_ASCII));
        while (header.remaining() > 1) {
            header.put((byte) ' ');
        }
        return header.put((byte) '\n').array();
    }
}
