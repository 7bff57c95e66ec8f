package io.nowcast.torchscript;

import io.nowcast.network.WeightTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A tensor of an archive and the format that its values are stored in. */
record StoredTensor(WeightTensor tensor, NumberFormat format) {

    private static final int PIECE = 1 << 14;

    /** Bytes in the archive. */
    long bytes() {
        return (long) tensor.values().length * format.bytes();
    }

    /** The values in the order of the archive. */
    float[] arranged() {
        return MemoryFormat.arrange(tensor);
    }

    /** Writes what {@link #arranged} gave as the archive holds it, little-endian, by pieces. */
    void write(float[] values, OutputStream out) throws IOException {
        ByteBuffer piece =
                ByteBuffer.allocate(PIECE * format.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int start = 0; start < values.length; start += PIECE) {
            int length = Math.min(PIECE, values.length - start);
            piece.clear();
            if (format == NumberFormat.FLOAT32) {
                piece.asFloatBuffer().put(values, start, length);
            } else {
                for (int index = start; index < start + length; index++) {
                    piece.putShort(format.reduced(values[index]));
                }
            }
            out.write(piece.array(), 0, length * format.bytes());
        }
    }
}
