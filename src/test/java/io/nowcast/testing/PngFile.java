package io.nowcast.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/**
 * Makes PNGs chunk by chunk, those that are wrong among them; see <a
 * href="https://www.w3.org/TR/png-3/">the specification</a>, section 5.
 */
public final class PngFile {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'};
    private static final int HEADER_BYTES = 13;

    private PngFile() {}

    /** A picture whose header says so, and that has as many bytes of zeros, deflated. */
    public static byte[] promising(int width, int height, int depth, int colour, int zeros) {
        byte[] header =
                ByteBuffer.allocate(HEADER_BYTES)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) depth)
                        .put((byte) colour)
                        .array();
        return of(
                chunk("IHDR", header),
                chunk("IDAT", deflated(new byte[zeros])),
                chunk("IEND", new byte[0]));
    }

    /** The signature and these chunks. */
    public static byte[] of(byte[]... chunks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        for (byte[] chunk : chunks) {
            out.writeBytes(chunk);
        }
        return out.toByteArray();
    }

    /** A chunk with its length and the right checksum. */
    public static byte[] chunk(String kind, byte[] data) {
        ByteBuffer chunk =
                ByteBuffer.allocate(3 * Integer.BYTES + data.length)
                        .putInt(data.length)
                        .put(kind.getBytes(StandardCharsets.US_ASCII))
                        .put(data);
        CRC32 checksum = new CRC32();
        checksum.update(chunk.array(), Integer.BYTES, Integer.BYTES + data.length);
        return chunk.putInt((int) checksum.getValue()).array();
    }

    /** What {@code IDAT} holds of these bytes. */
    public static byte[] deflated(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(content);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return out.toByteArray();
    }
}
