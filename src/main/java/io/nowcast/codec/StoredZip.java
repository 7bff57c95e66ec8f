package io.nowcast.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a ZIP whose entries are stored as they are: arrays of noise-like floats and PNGs hardly
 * shrink, and deflating them costs more than all the rest. All entries bear one fixed time, so that
 * the same forecast gives the same bytes.
 *
 * <p>Closing completes the archive and leaves the stream open.
 */
final class StoredZip implements AutoCloseable {

    /** The earliest time that a ZIP can tell. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    /** Writes the same bytes each time it is called. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private final ZipOutputStream zip;

    StoredZip(OutputStream out) {
        this.zip = new ZipOutputStream(out);
    }

    void add(String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        begin(name, content.length, checksum);
        zip.write(content);
        zip.closeEntry();
    }

    /**
     * Adds an entry without holding it in memory: a stored entry's header needs size and checksum,
     * so the content is written twice, first to be measured.
     */
    void add(String name, Content content) throws IOException {
        Measure measure = new Measure();
        CheckedOutputStream checked = new CheckedOutputStream(measure, new CRC32());
        content.writeTo(checked);
        begin(name, measure.length, (CRC32) checked.getChecksum());
        content.writeTo(zip);
        zip.closeEntry();
    }

    @Override
    public void close() throws IOException {
        zip.finish();
    }

    private void begin(String name, long length, CRC32 checksum) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setTimeLocal(TIME);
        entry.setSize(length);
        entry.setCompressedSize(length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
    }

    /** Counts bytes and drops them. */
    private static final class Measure extends OutputStream {

        private long length;

        @Override
        public void write(int oneByte) {
            length++;
        }

        @Override
        public void write(byte[] bytes, int offset, int count) {
            length += count;
        }
    }
}
