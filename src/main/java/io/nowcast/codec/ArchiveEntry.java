package io.nowcast.codec;

/**
 * A file in a ZIP, as the central directory describes it; sizes are not to be trusted.
 *
 * @param headerOffset where its local header stands in the archive, in bytes
 */
record ArchiveEntry(
        String name,
        int method,
        long compressedSize,
        long expandedSize,
        long crc32,
        long headerOffset) {

    static final int STORED = 0;
    static final int DEFLATED = 8;

    boolean folder() {
        return name.endsWith("/");
    }

    /** The last part of the path. */
    String fileName() {
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
