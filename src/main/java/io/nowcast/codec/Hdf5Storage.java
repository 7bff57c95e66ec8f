package io.nowcast.codec;

import io.jhdf.HdfFile;
import io.jhdf.Superblock;
import io.jhdf.storage.HdfBackingStorage;
import java.lang.reflect.Constructor;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The bytes that the library reads a file from, metered: it follows references without end, and
 * allocates what a table's header says that the table has. The library has no way to be given a
 * storage but a constructor of its own.
 *
 * @see <a href="https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html">The HDF5 file
 *     format, disk format level 1: the signatures and fields of tables</a>
 */
final class Hdf5Storage implements HdfBackingStorage {

    private static final int TREE = 0x44485442; // BTHD
    private static final int FIXED_ARRAY = 0x44484146; // FAHD
    private static final int EXTENSIBLE_ARRAY = 0x44484145; // EAHD
    private static final int HEAP = 0x50485246; // FRHP

    /** No entry of a table is smaller. */
    private static final int ENTRY_BYTES = 8;

    private final HdfBackingStorage bytes;
    private final Hdf5Allowance allowance;

    private Hdf5Storage(HdfBackingStorage bytes, Hdf5Allowance allowance) {
        this.bytes = bytes;
        this.allowance = allowance;
    }

    /** A file whose every reading is metered. */
    static HdfFile open(ByteBuffer content, Hdf5Allowance allowance) {
        allowance.opened(content.capacity());
        // Reads no more than the beginning: everything else waits until it is asked for.
        HdfBackingStorage plain = HdfFile.fromByteBuffer(content).getHdfBackingStorage();
        try {
            Constructor<HdfFile> constructor =
                    HdfFile.class.getDeclaredConstructor(HdfBackingStorage.class);
            constructor.setAccessible(true);
            return constructor.newInstance(new Hdf5Storage(plain, allowance));
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("another version of jHDF than this is for", changed);
        }
    }

    @Override
    public ByteBuffer readBufferFromAddress(long address, int length) {
        return checked(bytes.readBufferFromAddress(address, length));
    }

    @Override
    public ByteBuffer map(long address, long length) {
        return checked(bytes.map(address, length));
    }

    @Override
    public ByteBuffer mapNoOffset(long address, long length) {
        return checked(bytes.mapNoOffset(address, length));
    }

    private ByteBuffer checked(ByteBuffer read) {
        allowance.read(read.remaining());
        if (read.remaining() >= 2 * Integer.BYTES) {
            int lengths = getSizeOfLengths();
            int offsets = getSizeOfOffsets();
            switch (read.getInt(0)) {
                case TREE -> require(number(read, 18 + offsets, lengths));
                case FIXED_ARRAY -> require(number(read, 8, lengths));
                case EXTENSIBLE_ARRAY -> require(number(read, 12 + 4 * lengths, lengths));
                case HEAP -> {
                    int columns = 14 + 10 * lengths + 2 * offsets;
                    int rows = columns + 6 + 2 * lengths + offsets;
                    require(number(read, columns, 2) * number(read, rows, 2));
                }
                default -> {}
            }
        }
        return read;
    }

    private void require(long entries) {
        if (entries < 0 || entries > size() / ENTRY_BYTES) {
            throw new MalformedBodyException(
                    "a table of %s entries in %d bytes"
                            .formatted(Long.toUnsignedString(entries), size()));
        }
    }

    /** A little-endian number; 0 where the bytes end before it. */
    private static long number(ByteBuffer read, int offset, int length) {
        long number = 0;
        for (int index = Math.min(length, read.limit() - offset) - 1; index >= 0; index--) {
            number = number << Byte.SIZE | Byte.toUnsignedInt(read.get(offset + index));
        }
        return number;
    }

    @Override
    public long getUserBlockSize() {
        return bytes.getUserBlockSize();
    }

    @Override
    public Superblock getSuperblock() {
        return bytes.getSuperblock();
    }

    @Override
    public FileChannel getFileChannel() {
        return bytes.getFileChannel();
    }

    @Override
    public int getSizeOfOffsets() {
        return bytes.getSizeOfOffsets();
    }

    @Override
    public int getSizeOfLengths() {
        return bytes.getSizeOfLengths();
    }

    @Override
    public void close() {
        bytes.close();
    }

    @Override
    public long size() {
        return bytes.size();
    }

    @Override
    public boolean inMemory() {
        return bytes.inMemory();
    }
}
