package io.nowcast.codec;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Guards ImageIO: walks the chunks of a PNG, checks their lengths and checksums and keeps only
 * those that pixels need. Text, colour profiles and the like, which ImageIO would copy or inflate
 * without a limit, never reach it; neither does transparency, which would add a channel.
 *
 * @see <a href="https://www.w3.org/TR/png-3/#5Chunk-layout">PNG, section 5.3</a>
 */
final class PngChunks {

    private static final int OVERHEAD = 12;

    private final Section section;
    private final ByteArrayOutputStream essence;
    private final List<ByteBuffer> imageData = new ArrayList<>();

    private PngChunks(Section section) {
        this.section = section;
        this.essence = new ByteArrayOutputStream(section.length());
    }

    /**
     * The chunks of a section whose header was read.
     *
     * @throws MalformedBodyException if a chunk is truncated, damaged or essential but unknown
     */
    static PngChunks of(Section section) {
        PngChunks chunks = new PngChunks(section);
        chunks.essence.writeBytes(Signature.PNG_MAGIC);
        int offset = PngHeader.OFFSET;
        String type;
        do {
            int length = chunks.dataLength(offset);
            type = new String(section.copy(offset + 4, 4), StandardCharsets.ISO_8859_1);
            chunks.requireChecksum(offset, length, type);
            chunks.take(offset, length, type);
            offset += OVERHEAD + length;
        } while (!type.equals("IEND"));
        return chunks;
    }

    /** A PNG of nothing but the chunks IHDR, PLTE, IDAT and IEND. */
    byte[] essence() {
        return essence.toByteArray();
    }

    /** The contents of the IDAT chunks, which together are one zlib stream. */
    List<ByteBuffer> imageData() {
        return imageData;
    }

    private int dataLength(int offset) {
        int rest = section.length() - offset;
        if (rest < OVERHEAD || section.networkInt(offset) > rest - OVERHEAD) {
            throw new MalformedBodyException(
                    "%s: truncated at byte %d, within the PNG chunk at byte %d"
                            .formatted(section.name(), section.length(), offset));
        }
        return (int) section.networkInt(offset);
    }

    private void requireChecksum(int offset, int length, String type) {
        long expected = section.networkInt(offset + 8 + length);
        if (section.crc32(offset + 4, 4 + length) != expected) {
            throw new MalformedBodyException(
                    "%s: the PNG chunk %s at byte %d does not match its checksum"
                            .formatted(section.name(), printable(type), offset));
        }
    }

    private void take(int offset, int length, String type) {
        boolean essential =
                switch (type) {
                    case "IHDR" -> offset == PngHeader.OFFSET;
                    case "IDAT" -> {
                        imageData.add(section.bytes(offset + 8, length, ByteOrder.BIG_ENDIAN));
                        yield true;
                    }
                    case "PLTE", "IEND" -> true;
                    default -> false;
                };
        if (essential) {
            essence.writeBytes(section.copy(offset, OVERHEAD + length));
        } else {
            requireAncillary(offset, type);
        }
    }

    /** An upper-case first letter marks a chunk without which the image cannot be understood. */
    private void requireAncillary(int offset, String type) {
        if ((type.charAt(0) & 0x20) == 0) {
            throw new MalformedBodyException(
                    "%s: unexpected essential PNG chunk %s at byte %d"
                            .formatted(section.name(), printable(type), offset));
        }
    }

    private static String printable(String type) {
        return type.replaceAll("[^A-Za-z]", "?");
    }
}
