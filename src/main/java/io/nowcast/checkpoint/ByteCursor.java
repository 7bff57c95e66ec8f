package io.nowcast.checkpoint;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads little-endian values one after another and refuses to pass the end, before it allocates
 * anything.
 */
final class ByteCursor {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble BIG_ENDIAN_DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** Longest array of every Java runtime. */
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final MemorySegment bytes;
    private final String source;
    private long position;

    /**
     * @param source what the bytes are called in error messages, such as an archive entry
     */
    ByteCursor(MemorySegment bytes, String source) {
        this.bytes = bytes;
        this.source = source;
    }

    long position() {
        return position;
    }

    long remaining() {
        return bytes.byteSize() - position;
    }

    /** Moves to an absolute offset. */
    ByteCursor seek(long offset) {
        if (offset < 0 || offset > bytes.byteSize()) {
            throw malformed("refers to byte %d of %d bytes".formatted(offset, bytes.byteSize()));
        }
        position = offset;
        return this;
    }

    int unsignedByte() {
        return Byte.toUnsignedInt(bytes.get(JAVA_BYTE, advance(Byte.BYTES)));
    }

    int unsignedShort() {
        return Short.toUnsignedInt(bytes.get(SHORT, advance(Short.BYTES)));
    }

    int signedInt() {
        return bytes.get(INT, advance(Integer.BYTES));
    }

    long unsignedInt() {
        return Integer.toUnsignedLong(signedInt());
    }

    long signedLong() {
        return bytes.get(LONG, advance(Long.BYTES));
    }

    double bigEndianDouble() {
        return bytes.get(BIG_ENDIAN_DOUBLE, advance(Double.BYTES));
    }

    MemorySegment slice(long length) {
        return bytes.asSlice(advance(length), length);
    }

    byte[] array(long length) {
        MemorySegment slice = slice(length);
        if (length > LONGEST_ARRAY) {
            throw malformed(
                    "%d bytes in one piece, at most %d are read".formatted(length, LONGEST_ARRAY));
        }
        return slice.toArray(JAVA_BYTE);
    }

    String utf8(long length) {
        return new String(array(length), StandardCharsets.UTF_8);
    }

    /** The text before the next line feed, which is consumed too. */
    String line(int longest) {
        long start = position;
        long limit = Math.min(bytes.byteSize(), start + longest + 1);
        for (long at = start; at < limit; at++) {
            if (bytes.get(JAVA_BYTE, at) == '\n') {
                String line = utf8(at - start);
                position = at + 1;
                return line;
            }
        }
        throw malformed("expected a line of at most %d bytes".formatted(longest));
    }

    /** A refusal that tells where the cursor stands. */
    CheckpointException.Malformed malformed(String what) {
        return new CheckpointException.Malformed(
                "%s, byte %d: %s".formatted(source, position, what));
    }

    /** "entry, byte n" of the given offset, for messages. */
    String at(long offset) {
        return "%s, byte %d".formatted(source, offset);
    }

    private long advance(long length) {
        if (length < 0 || length > remaining()) {
            throw malformed(
                    "expected %d more bytes, but %d are left".formatted(length, remaining()));
        }
        long start = position;
        position += length;
        return start;
    }
}
