package io.nowcast.codec;

/**
 * What the HDF5 files of one body may take together. Bytes of such a file can be referred to any
 * number of times, so that a small file may lead to any number of chunks, or to a large one again
 * and again. Used by one thread.
 */
final class Hdf5Allowance {

    /** A sequence of 64 frames of 4096x4096 in chunks of 64x64, as small as any network's. */
    private static final long MOST_CHUNKS = 1 << 18;

    /** Beside every byte once: headers, heaps of strings and tables are read again. */
    private static final long READ_AGAIN = 16L << 20;

    private final CodecLimits limits;
    private long chunks;
    private long padding;
    private long toRead = READ_AGAIN;

    Hdf5Allowance(CodecLimits limits) {
        this.limits = limits;
    }

    /** A file of so many bytes is opened, of which every one may be read. */
    void opened(long bytes) {
        toRead += bytes;
    }

    /**
     * Bytes of the files are read, for the first time or again.
     *
     * @throws MalformedBodyException if its parts refer to each other so that too much is read
     */
    void read(long bytes) {
        toRead -= bytes;
        if (toRead < 0) {
            throw new MalformedBodyException(
                    "its parts refer to the same bytes again and again: more than %d MB are read of them"
                            .formatted(READ_AGAIN >> 20));
        }
    }

    /**
     * Admits the chunks of a dataset.
     *
     * @throws BodyTooLargeException if all datasets together have more than the limit
     */
    void admitChunks(String where, double count) {
        chunks = (long) (chunks + count);
        if (chunks > MOST_CHUNKS) {
            throw new BodyTooLargeException(
                    "%s: with it %d chunks, the limit is %d; write larger chunks (h5repack -l CHUNK=...)"
                            .formatted(where, chunks, MOST_CHUNKS));
        }
    }

    /**
     * Admits bytes of chunks that reach far beyond their dataset.
     *
     * @throws BodyTooLargeException if all of them together exceed what a body may expand to
     */
    void admitPadding(String where, double bytes) {
        padding = (long) (padding + bytes);
        limits.admitBytes(where, padding);
    }
}
