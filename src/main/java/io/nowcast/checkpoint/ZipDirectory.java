package io.nowcast.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The entries of a ZIP, each with a name of its own and bytes of its own, stored or deflated but
 * not encrypted. ZIP64 is understood.
 *
 * <p>Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 to 4.5. Checksums are not compared, as
 * {@code torch.load} does not either: {@code torch.save} can be told to write none.
 */
final class ZipDirectory {

    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_LENGTH = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
    private static final int ZIP64_LOCATOR_LENGTH = 20;
    private static final int ZIP64_END_SIGNATURE = 0x06064b50;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int ENTRY_LENGTH = 46;

    private final ByteCursor cursor;
    private final MemorySegment file;

    private ZipDirectory(MemorySegment file) {
        this.file = file;
        this.cursor = new ByteCursor(file, "ZIP");
    }

    /**
     * @return the entries by name, in the order of the directory
     * @throws CheckpointException.Malformed if the directory contradicts itself or the file
     */
    static SequencedMap<String, ZipEntryContents> read(MemorySegment file) {
        ZipDirectory directory = new ZipDirectory(file);
        return directory.contents(directory.entries(directory.locate()));
    }

    /** Where the directory lies and how many entries it announces. */
    private record Location(long offset, long length, long entries) {}

    private Location locate() {
        long end = findEnd();
        cursor.seek(end + 10);
        Location location = location16(cursor);
        if (end >= ZIP64_LOCATOR_LENGTH
                && cursor.seek(end - ZIP64_LOCATOR_LENGTH).signedInt() == ZIP64_LOCATOR_SIGNATURE) {
            cursor.seek(cursor.position() + 4);
            location = location64(cursor.signedLong());
        }
        if (location.entries > location.length / ENTRY_LENGTH) {
            throw cursor.malformed(
                    "%d entries do not fit into a directory of %d bytes"
                            .formatted(location.entries, location.length));
        }
        return location;
    }

    /** The last record whose comment reaches exactly to the end of the file. */
    private long findEnd() {
        long size = file.byteSize();
        long earliest = Math.max(0, size - END_LENGTH - LONGEST_COMMENT);
        for (long at = size - END_LENGTH; at >= earliest; at--) {
            if (cursor.seek(at).signedInt() == END_SIGNATURE
                    && cursor.seek(at + END_LENGTH - 2).unsignedShort() == size - at - END_LENGTH) {
                return at;
            }
        }
        throw new CheckpointException.Malformed(
                "ZIP of %d bytes: no directory at its end, it is cut short or damaged"
                        .formatted(size));
    }

    private static Location location16(ByteCursor cursor) {
        int entries = cursor.unsignedShort();
        long length = cursor.unsignedInt();
        return new Location(cursor.unsignedInt(), length, entries);
    }

    private Location location64(long end) {
        if (cursor.seek(end).signedInt() != ZIP64_END_SIGNATURE) {
            throw cursor.malformed("expected the ZIP64 end of the directory");
        }
        cursor.seek(end + 32);
        long entries = cursor.signedLong();
        long length = cursor.signedLong();
        return new Location(cursor.signedLong(), length, entries);
    }

    private List<ZipEntryHeader> entries(Location location) {
        cursor.seek(location.offset);
        ByteCursor entries = new ByteCursor(cursor.slice(location.length), "ZIP directory");
        List<ZipEntryHeader> headers = new ArrayList<>();
        while (entries.remaining() > 0) {
            if (entries.signedInt() != ENTRY_SIGNATURE) {
                throw entries.malformed("expected the signature of an entry");
            }
            headers.add(ZipEntryHeader.read(entries));
        }
        if (headers.size() != location.entries) {
            throw entries.malformed(
                    "expected %d entries, got %d".formatted(location.entries, headers.size()));
        }
        return headers;
    }

    private SequencedMap<String, ZipEntryContents> contents(List<ZipEntryHeader> headers) {
        SequencedMap<String, ZipEntryContents> contents = new LinkedHashMap<>();
        List<Span> spans = new ArrayList<>();
        for (ZipEntryHeader header : headers) {
            ZipEntryContents entry = header.contents(cursor);
            spans.add(new Span(header.name(), header.offset(), cursor.position()));
            if (contents.put(header.name(), entry) != null) {
                throw cursor.malformed("two entries are called '%s'".formatted(header.name()));
            }
        }
        requireDisjoint(spans);
        return Collections.unmodifiableSequencedMap(contents);
    }

    /** Header and contents of an entry. */
    private record Span(String name, long start, long end) {}

    /** No two entries may share bytes, or a small file could unfold into a large one. */
    private void requireDisjoint(List<Span> spans) {
        spans.sort(Comparator.comparingLong(Span::start));
        for (int i = 1; i < spans.size(); i++) {
            Span before = spans.get(i - 1);
            Span span = spans.get(i);
            if (before.end > span.start) {
                throw cursor.malformed(
                        "entry '%s' ends at byte %d, inside '%s' that starts at %d"
                                .formatted(before.name, before.end, span.name, span.start));
            }
        }
    }
}
