package io.nowcast.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/**
 * A run of bytes that messages can name: the body, an archive entry or a multipart part. Offsets
 * count from its first byte. Shares the bytes that it was made from.
 */
final class Section {

    private final String name;
    private final ByteBuffer data;

    private Section(String name, ByteBuffer data) {
        this.name = name;
        this.data = data.order(ByteOrder.LITTLE_ENDIAN);
    }

    static Section of(String name, byte[] bytes) {
        return new Section(name, ByteBuffer.wrap(bytes));
    }

    /** The bytes of an entry within this section, under the entry's own name. */
    Section entry(String entryName, int offset, int length) {
        return new Section(entryName, data.slice(offset, length));
    }

    String name() {
        return name;
    }

    int length() {
        return data.capacity();
    }

    int unsignedByte(int offset) {
        return Byte.toUnsignedInt(data.get(offset));
    }

    /** A little-endian unsigned 16-bit number. */
    int unsignedShort(int offset) {
        return Short.toUnsignedInt(data.getShort(offset));
    }

    /** A little-endian unsigned 32-bit number. */
    long unsignedInt(int offset) {
        return Integer.toUnsignedLong(data.getInt(offset));
    }

    /** A little-endian 64-bit number. */
    long signedLong(int offset) {
        return data.getLong(offset);
    }

    /** A big-endian unsigned 32-bit number, as PNG writes all of its numbers. */
    long networkInt(int offset) {
        return Integer.toUnsignedLong(Integer.reverseBytes(data.getInt(offset)));
    }

    /** A view of some bytes, positioned at its start. */
    ByteBuffer bytes(int offset, int length, ByteOrder order) {
        return data.slice(offset, length).order(order);
    }

    byte[] copy(int offset, int length) {
        byte[] copy = new byte[length];
        data.get(offset, copy);
        return copy;
    }

    byte[] firstBytes(int atMost) {
        return copy(0, Math.min(atMost, length()));
    }

    boolean startsWith(byte[] magic) {
        return data.slice(0, Math.min(magic.length, length())).equals(ByteBuffer.wrap(magic));
    }

    long crc32(int offset, int length) {
        CRC32 checksum = new CRC32();
        checksum.update(data.slice(offset, length));
        return checksum.getValue();
    }
}
