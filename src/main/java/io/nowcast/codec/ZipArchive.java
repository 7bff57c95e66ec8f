package io.nowcast.codec;

import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The files of a ZIP held in memory. Stored entries are views of the archive's own bytes, deflated
 * ones are inflated up to the size that they declare, all of them together up to the limit.
 *
 * <p>Not thread-safe: counts what has been expanded.
 */
final class ZipArchive {

    private static final long HEADER_SIGNATURE = 0x04034b50L;
    private static final int HEADER_LENGTH = 30;

    /**
     * Deflate turns one byte into at most 1032 (zlib's technical details), so a declared size above
     * lies.
     */
    static final long HIGHEST_RATIO = 1032;

    private final Section archive;
    private final List<ArchiveEntry> files;
    private final long expandedLimit;
    private long expanded;

    private ZipArchive(Section archive, List<ArchiveEntry> files, long expandedLimit) {
        this.archive = archive;
        this.files = files;
        this.expandedLimit = expandedLimit;
    }

    /**
     * Reads the directory; expands nothing yet.
     *
     * @throws MalformedBodyException if the directory is damaged or hostile
     * @throws BodyTooLargeException if there are too many entries
     */
    static ZipArchive open(Section archive, CodecLimits limits) {
        if (Signature.of(archive) != Signature.ZIP) {
            throw new MalformedBodyException(
                    "%s: expected a ZIP archive (first bytes 'PK'), got %s"
                            .formatted(archive.name(), Signature.describe(archive)));
        }
        List<ArchiveEntry> entries = ZipDirectory.read(archive);
        limits.admitEntries(archive.name(), entries.size());
        List<ArchiveEntry> files = entries.stream().filter(entry -> !entry.folder()).toList();
        return new ZipArchive(archive, files, limits.expandedBytes());
    }

    /** All entries but folders, in the order of the directory. */
    List<ArchiveEntry> files() {
        return files;
    }

    /**
     * The content of an entry.
     *
     * @throws MalformedBodyException if it is not what the directory says, or damaged
     * @throws BodyTooLargeException if the archive expands beyond the limit
     */
    Section expand(ArchiveEntry entry) {
        reserve(entry);
        int start = dataStart(entry);
        int length = (int) entry.compressedSize();
        Section content =
                switch (entry.method()) {
                    case ArchiveEntry.STORED -> stored(entry, start, length);
                    case ArchiveEntry.DEFLATED -> inflated(entry, start, length);
                    default ->
                            throw damaged(
                                    entry,
                                    "compressed by method %d, expected stored (0) or deflated (8)"
                                            .formatted(entry.method()));
                };
        if (content.crc32(0, content.length()) != entry.crc32()) {
            throw damaged(entry, "the content does not match its checksum");
        }
        return content;
    }

    private void reserve(ArchiveEntry entry) {
        if (entry.expandedSize() > expandedLimit - expanded) {
            throw new BodyTooLargeException(
                    "%s: entry %s expands to %d bytes, those before it to %d; the limit is %d"
                            .formatted(
                                    archive.name(),
                                    entry.name(),
                                    entry.expandedSize(),
                                    expanded,
                                    expandedLimit));
        }
        expanded += entry.expandedSize();
    }

    private int dataStart(ArchiveEntry entry) {
        long header = entry.headerOffset();
        if (header > archive.length() - HEADER_LENGTH
                || archive.unsignedInt((int) header) != HEADER_SIGNATURE) {
            throw damaged(entry, "expected its header at byte %d".formatted(header));
        }
        long start =
                header
                        + HEADER_LENGTH
                        + archive.unsignedShort((int) header + 26)
                        + archive.unsignedShort((int) header + 28);
        if (entry.compressedSize() > archive.length() - start) {
            throw damaged(
                    entry,
                    "%d bytes at byte %d reach beyond the archive's %d"
                            .formatted(entry.compressedSize(), start, archive.length()));
        }
        return (int) start;
    }

    private Section stored(ArchiveEntry entry, int start, int length) {
        if (entry.expandedSize() != length) {
            throw damaged(
                    entry,
                    "stored in %d bytes but declared as %d"
                            .formatted(length, entry.expandedSize()));
        }
        return archive.entry(entry.name(), start, length);
    }

    private Section inflated(ArchiveEntry entry, int start, int length) {
        long declared = entry.expandedSize();
        if (declared > length * HIGHEST_RATIO || declared > Integer.MAX_VALUE - 8) {
            throw damaged(entry, "%d bytes cannot inflate to %d bytes".formatted(length, declared));
        }
        byte[] content = new byte[(int) declared];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(archive.bytes(start, length, ByteOrder.LITTLE_ENDIAN));
            int filled = 0;
            while (filled < content.length) {
                int count = inflater.inflate(content, filled, content.length - filled);
                if (count == 0) {
                    break;
                }
                filled += count;
            }
            boolean more = inflater.inflate(new byte[1]) > 0;
            if (more || filled < content.length || !inflater.finished()) {
                throw damaged(
                        entry,
                        "declared as %d bytes but inflates to %s"
                                .formatted(declared, more ? "more" : filled));
            }
        } catch (DataFormatException e) {
            throw new MalformedBodyException(
                    "%s: entry %s: damaged deflate data at byte %d: %s"
                            .formatted(
                                    archive.name(),
                                    entry.name(),
                                    start + inflater.getBytesRead(),
                                    e.getMessage()),
                    e);
        } finally {
            inflater.end();
        }
        return Section.of(entry.name(), content);
    }

    private MalformedBodyException damaged(ArchiveEntry entry, String what) {
        return new MalformedBodyException(
                "%s: entry %s: %s".formatted(archive.name(), entry.name(), what));
    }
}
