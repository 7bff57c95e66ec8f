package io.nowcast.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Unpacks files that came gzip-compressed, as PGMs and RADOLAN composites do. */
final class Gzip {

    private static final int PIECE = 1 << 16;

    private Gzip() {}

    /**
     * What a gzip file holds, under its name without {@code .gz}; any other file as it is.
     *
     * @param room bytes that it may expand to
     * @throws BodyTooLargeException if it expands to more
     * @throws MalformedBodyException if it is damaged
     */
    static Section unpack(Section section, long room) {
        if (Signature.of(section) != Signature.GZIP) {
            return section;
        }
        String name = section.name().replaceFirst("(?i)\\.gz$", "");
        try (GZIPInputStream in =
                new GZIPInputStream(
                        new ByteArrayInputStream(section.copy(0, section.length())), PIECE)) {
            int most = (int) Math.min(room, Integer.MAX_VALUE - 8L);
            byte[] content = in.readNBytes(most);
            if (in.read() >= 0) {
                throw new BodyTooLargeException(
                        "%s expands to more than %d bytes, which are left of the limit"
                                .formatted(section.name(), most));
            }
            return Section.of(name, content);
        } catch (IOException damaged) {
            // Memory is read from, so it is the data that fails.
            throw new MalformedBodyException(
                    "%s: damaged gzip data: %s".formatted(section.name(), damaged.getMessage()),
                    damaged);
        }
    }
}
