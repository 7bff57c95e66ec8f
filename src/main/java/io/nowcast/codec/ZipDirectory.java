package io.nowcast.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the central directory of a ZIP held in memory. The directory stands at the end and, unlike
 * the local headers, always tells sizes; {@code java.util.zip} reads it from files only.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE.TXT, sections
 *     4.3.12 and 4.3.16</a>
 */
final class ZipDirectory {

    private static final long END_SIGNATURE = 0x06054b50L;
    private static final long ENTRY_SIGNATURE = 0x02014b50L;
    private static final int END_LENGTH = 22;
    private static final int ENTRY_LENGTH = 46;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int FLAG_ENCRYPTED = 1;
    private static final int ZIP64_EXTRA = 1;
    private static final long IN_ZIP64_EXTRA = 0xffff_ffffL;

    private ZipDirectory() {}

    /**
     * The entries in the order of the directory, folders included.
     *
     * @throws MalformedBodyException if the directory is damaged, or an entry is encrypted, named
     *     twice or named outside the archive
     */
    static List<ArchiveEntry> read(Section archive) {
        int end = endRecord(archive);
        int count = archive.unsignedShort(end + 10);
        long size = archive.unsignedInt(end + 12);
        long start = archive.unsignedInt(end + 16);
        if (archive.unsignedShort(end + 8) != count || start + size != end) {
            throw new MalformedBodyException(
                    "%s: ZIP directory of %d bytes at byte %d does not lead up to its end record at byte %d"
                            .formatted(archive.name(), size, start, end));
        }
        List<ArchiveEntry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int offset = (int) start;
        for (int i = 0; i < count; i++) {
            requireEntry(archive, offset, end);
            ArchiveEntry entry = entry(archive, offset);
            requireSafeName(archive, entry.name());
            if (!names.add(entry.name())) {
                throw new MalformedBodyException(
                        "%s: two entries are named %s".formatted(archive.name(), entry.name()));
            }
            entries.add(entry);
            offset += entryLength(archive, offset);
        }
        if (offset != end) {
            throw new MalformedBodyException(
                    "%s: ZIP directory promises %d entries, which end at byte %d instead of %d"
                            .formatted(archive.name(), count, offset, end));
        }
        return entries;
    }

    private static int endRecord(Section archive) {
        int last = archive.length() - END_LENGTH;
        for (int offset = last; offset >= Math.max(0, last - LONGEST_COMMENT); offset--) {
            if (archive.unsignedInt(offset) == END_SIGNATURE
                    && offset + END_LENGTH + archive.unsignedShort(offset + 20)
                            == archive.length()) {
                return offset;
            }
        }
        throw new MalformedBodyException(
                "%s: truncated at byte %d: expected a ZIP archive with its directory at the end, found none"
                        .formatted(archive.name(), archive.length()));
    }

    private static void requireEntry(Section archive, int offset, int end) {
        if (offset + ENTRY_LENGTH > end
                || archive.unsignedInt(offset) != ENTRY_SIGNATURE
                || offset + entryLength(archive, offset) > end) {
            throw new MalformedBodyException(
                    "%s: expected a ZIP directory entry at byte %d"
                            .formatted(archive.name(), offset));
        }
    }

    private static int entryLength(Section archive, int offset) {
        return ENTRY_LENGTH
                + archive.unsignedShort(offset + 28)
                + archive.unsignedShort(offset + 30)
                + archive.unsignedShort(offset + 32);
    }

    private static ArchiveEntry entry(Section archive, int offset) {
        int nameLength = archive.unsignedShort(offset + 28);
        // Names of the old code page differ from UTF-8 outside ASCII only, and only in messages.
        String name =
                new String(archive.copy(offset + ENTRY_LENGTH, nameLength), StandardCharsets.UTF_8);
        if ((archive.unsignedShort(offset + 8) & FLAG_ENCRYPTED) != 0) {
            throw new MalformedBodyException(
                    "%s: entry %s is encrypted".formatted(archive.name(), name));
        }
        int extraStart = offset + ENTRY_LENGTH + nameLength;
        int extraEnd = extraStart + archive.unsignedShort(offset + 30);
        Zip64Sizes wide = new Zip64Sizes(archive, name, extraStart, extraEnd);
        // The extra field holds only what did not fit, in this order.
        long expandedSize = wide.orElse(archive.unsignedInt(offset + 24));
        long compressedSize = wide.orElse(archive.unsignedInt(offset + 20));
        long headerOffset = wide.orElse(archive.unsignedInt(offset + 42));
        return new ArchiveEntry(
                name,
                archive.unsignedShort(offset + 10),
                compressedSize,
                expandedSize,
                archive.unsignedInt(offset + 16),
                headerOffset);
    }

    private static void requireSafeName(Section archive, String name) {
        String path = name.replace('\\', '/');
        boolean leaves = List.of(path.split("/", -1)).contains("..");
        if (path.isEmpty() || path.startsWith("/") || path.matches("[A-Za-z]:.*") || leaves) {
            throw new MalformedBodyException(
                    "%s: entry \"%s\" is named outside the archive"
                            .formatted(archive.name(), name));
        }
    }

    /** The 64-bit numbers of an entry's extra field, taken one after the other (section 4.5.3). */
    private static final class Zip64Sizes {

        private final Section archive;
        private final String name;
        private int next;
        private int end;

        Zip64Sizes(Section archive, String name, int extraStart, int extraEnd) {
            this.archive = archive;
            this.name = name;
            int offset = extraStart;
            while (offset + 4 <= extraEnd) {
                int length = archive.unsignedShort(offset + 2);
                if (archive.unsignedShort(offset) == ZIP64_EXTRA) {
                    next = offset + 4;
                    end = Math.min(extraEnd, next + length);
                    return;
                }
                offset += 4 + length;
            }
        }

        long orElse(long narrow) {
            if (narrow != IN_ZIP64_EXTRA) {
                return narrow;
            }
            if (next + Long.BYTES > end || archive.signedLong(next) < 0) {
                throw new MalformedBodyException(
                        "%s: entry %s lacks its 64-bit sizes".formatted(archive.name(), name));
            }
            long wide = archive.signedLong(next);
            next += Long.BYTES;
            return wide;
        }
    }
}
