package io.nowcast.codec;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates zlib data (RFC 1950) whose length is known beforehand. */
final class ExactInflation {

    private ExactInflation() {}

    /**
     * Fills {@code content}.
     *
     * @throws MalformedBodyException if the data are damaged, or inflate to fewer or more bytes
     */
    static void inflate(ByteBuffer deflated, byte[] content, String where) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(deflated.slice());
            int filled = 0;
            int count;
            do {
                count = inflater.inflate(content, filled, content.length - filled);
                filled += count;
            } while (count > 0 && filled < content.length);
            boolean more = inflater.inflate(new byte[1]) > 0;
            if (more || filled < content.length) {
                throw new MalformedBodyException(
                        "%s inflates to %s bytes, expected %d"
                                .formatted(where, more ? "more" : filled, content.length));
            }
        } catch (DataFormatException damaged) {
            throw new MalformedBodyException(
                    "%s: damaged deflate data: %s".formatted(where, damaged.getMessage()), damaged);
        } finally {
            inflater.end();
        }
    }
}
