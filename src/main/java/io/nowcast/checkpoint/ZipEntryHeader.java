package io.nowcast.checkpoint;

/**
 * One entry as the directory of a ZIP describes it.
 *
 * @param offset of the local header, which precedes the contents
 * @param rawLength of the bytes in the file
 * @param length of the contents; the same unless deflated
 */
record ZipEntryHeader(String name, boolean deflated, long offset, long rawLength, long length) {

    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int ENCRYPTED = 1;
    private static final int SIZES_FOLLOW = 1 << 3;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final long IN_ZIP64_FIELD = 0xffff_ffffL;
    private static final int ZIP64_FIELD = 1;

    /** Reads the directory entry behind its signature and leaves the cursor at the next one. */
    static ZipEntryHeader read(ByteCursor cursor) {
        cursor.slice(4);
        int flags = cursor.unsignedShort();
        int method = cursor.unsignedShort();
        cursor.slice(8);
        long raw = cursor.unsignedInt();
        long length = cursor.unsignedInt();
        int nameLength = cursor.unsignedShort();
        int extraLength = cursor.unsignedShort();
        int commentLength = cursor.unsignedShort();
        cursor.slice(8);
        long offset = cursor.unsignedInt();
        String name = cursor.utf8(nameLength);
        Zip64 sizes = new Zip64(new ByteCursor(cursor.slice(extraLength), "ZIP extra of " + name));
        long realLength = sizes.value(length);
        long realRaw = sizes.value(raw);
        long realOffset = sizes.value(offset);
        cursor.slice(commentLength);
        boolean stored = method == STORED && realRaw == realLength;
        if ((flags & ENCRYPTED) != 0 || (!stored && method != DEFLATED)) {
            throw cursor.malformed(
                    "entry '%s' has method %d, flags 0x%x, %d bytes for %d: neither stored nor deflated"
                            .formatted(name, method, flags, realRaw, realLength));
        }
        return new ZipEntryHeader(name, !stored, realOffset, realRaw, realLength);
    }

    /** The bytes behind the local header, which must agree with this one. */
    ZipEntryContents contents(ByteCursor cursor) {
        if (cursor.seek(offset).signedInt() != LOCAL_SIGNATURE) {
            throw cursor.malformed("expected the header of entry '%s'".formatted(name));
        }
        cursor.slice(2);
        int flags = cursor.unsignedShort();
        cursor.slice(14);
        long localLength = cursor.unsignedInt();
        int nameLength = cursor.unsignedShort();
        int extraLength = cursor.unsignedShort();
        String localName = cursor.utf8(nameLength);
        cursor.slice(extraLength);
        boolean sizeStated = (flags & SIZES_FOLLOW) == 0 && localLength != IN_ZIP64_FIELD;
        if (!localName.equals(name) || (sizeStated && localLength != length)) {
            throw cursor.malformed(
                    "expected entry '%s' of %d bytes, but its header says '%s' of %d"
                            .formatted(name, length, localName, localLength));
        }
        return new ZipEntryContents(name, cursor.slice(rawLength), deflated, length);
    }

    /** The 64-bit values that stand in for saturated 32-bit ones, in their fixed order. */
    private static final class Zip64 {
        private final ByteCursor extra;
        private boolean found;

        Zip64(ByteCursor extra) {
            this.extra = extra;
        }

        long value(long field) {
            if (field != IN_ZIP64_FIELD) {
                return field;
            }
            while (!found) {
                found = extra.unsignedShort() == ZIP64_FIELD;
                int length = extra.unsignedShort();
                if (!found) {
                    extra.slice(length);
                }
            }
            return extra.signedLong();
        }
    }
}
