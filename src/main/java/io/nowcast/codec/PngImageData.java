package io.nowcast.codec;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Guards ImageIO: inflates image data once, only to count them, and requires as many bytes as the
 * rows of the image have, in a stream that closes with its checksum.
 *
 * <p>ImageIO itself reads the rows and then stops: it neither fails nor warns its listeners if the
 * data go on or their checksum is absent or wrong, and where they end early it does not say in
 * which row. Counting first answers all of that, at a fraction of what ImageIO takes afterwards.
 *
 * @see <a href="https://www.w3.org/TR/png-3/#8Interlace">PNG, sections 7 to 10</a>
 */
final class PngImageData {

    /** Where a pass of an image begins and how far apart its pixels are. */
    private record Pass(int firstRow, int firstColumn, int rowStep, int columnStep) {

        long rows(PngHeader header) {
            return header.width() > firstColumn && header.height() > firstRow
                    ? Math.ceilDiv(header.height() - firstRow, rowStep)
                    : 0;
        }

        /** A row's filter type and its pixels, padded to whole bytes. */
        long rowBytes(PngHeader header) {
            long columns = Math.ceilDiv(header.width() - firstColumn, columnStep);
            return 1 + Math.ceilDiv(columns * header.bits(), Byte.SIZE);
        }
    }

    private static final List<Pass> WHOLE = List.of(new Pass(0, 0, 1, 1));
    private static final List<Pass> ADAM7 =
            List.of(
                    new Pass(0, 0, 8, 8),
                    new Pass(0, 4, 8, 8),
                    new Pass(4, 0, 8, 4),
                    new Pass(0, 2, 4, 4),
                    new Pass(2, 0, 4, 2),
                    new Pass(0, 1, 2, 2),
                    new Pass(1, 0, 2, 1));

    private PngImageData() {}

    /**
     * Requires exactly the data of an image.
     *
     * @param where names the image in messages
     * @param chunks the pieces of one zlib stream
     * @throws MalformedBodyException if there are too few or too many, or they are damaged
     */
    static void requireComplete(String where, PngHeader header, List<ByteBuffer> chunks) {
        long expected = 0;
        for (Pass pass : passes(header)) {
            expected += pass.rows(header) * pass.rowBytes(header);
        }
        Inflater inflater = new Inflater();
        try {
            inflate(inflater, chunks, expected);
            long inflated = inflater.getBytesWritten();
            if (inflated < expected) {
                throw new MalformedBodyException(
                        "%s: PNG image data end in row %d"
                                .formatted(where, rowAt(header, inflated)));
            }
            if (inflated > expected || !inflater.finished()) {
                throw new MalformedBodyException(
                        "%s: PNG image data %s after row %d, the last"
                                .formatted(
                                        where,
                                        inflated > expected ? "goes on" : "is not closed",
                                        rowAt(header, expected)));
            }
        } catch (DataFormatException e) {
            long row = rowAt(header, inflater.getBytesWritten());
            throw new MalformedBodyException(
                    "%s: damaged PNG image data in row %d: %s"
                            .formatted(where, row, e.getMessage()),
                    e);
        } finally {
            inflater.end();
        }
    }

    /** Stops soon after the expected bytes, however many there are. */
    private static void inflate(Inflater inflater, List<ByteBuffer> chunks, long expected)
            throws DataFormatException {
        byte[] dropped = new byte[1 << 13];
        for (ByteBuffer chunk : chunks) {
            inflater.setInput(chunk);
            while (inflater.getBytesWritten() <= expected && inflater.inflate(dropped) > 0) {
                // Only the count matters.
            }
        }
    }

    /** The row in which a byte lies, counted through all passes. */
    private static long rowAt(PngHeader header, long inflated) {
        long row = 0;
        long rest = inflated;
        for (Pass pass : passes(header)) {
            long rows = Math.min(pass.rows(header), rest / pass.rowBytes(header));
            row += rows;
            rest -= rows * pass.rowBytes(header);
        }
        return row;
    }

    private static List<Pass> passes(PngHeader header) {
        return header.interlaced() ? ADAM7 : WHOLE;
    }
}
