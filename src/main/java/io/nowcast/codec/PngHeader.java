package io.nowcast.codec;

import java.nio.charset.StandardCharsets;

/**
 * The IHDR chunk of a PNG whose pixels are single numbers: grey, or palette indices.
 *
 * @param bits of a pixel: 1, 2, 4, 8 or 16
 * @see <a href="https://www.w3.org/TR/png-3/#11IHDR">PNG, section 11.2.1</a>
 */
record PngHeader(int width, int height, int bits, boolean interlaced) {

    /** Offset of the first chunk, IHDR. */
    static final int OFFSET = 8;

    private static final int DATA = OFFSET + 8;
    private static final int DATA_LENGTH = 13;
    private static final int GREY = 0;
    private static final int PALETTE = 3;

    /**
     * Reads the header; looks at nothing behind it.
     *
     * @throws MalformedBodyException if this is no PNG
     * @throws UnusableFramesException if it is in colour or has an alpha channel
     */
    static PngHeader of(Section section) {
        if (Signature.of(section) != Signature.PNG) {
            throw new MalformedBodyException(
                    "%s: expected a PNG image (first bytes 89 'PNG'), got %s"
                            .formatted(section.name(), Signature.describe(section)));
        }
        if (section.length() < DATA + DATA_LENGTH + Integer.BYTES) {
            throw new MalformedBodyException(
                    "%s: truncated at byte %d, within the PNG header"
                            .formatted(section.name(), section.length()));
        }
        String type = new String(section.copy(OFFSET + 4, 4), StandardCharsets.ISO_8859_1);
        if (!type.equals("IHDR") || section.networkInt(OFFSET) != DATA_LENGTH) {
            throw new MalformedBodyException(
                    "%s: expected the chunk IHDR at byte %d, got %s"
                            .formatted(section.name(), OFFSET, type));
        }
        long width = section.networkInt(DATA);
        long height = section.networkInt(DATA + 4);
        if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
            throw new MalformedBodyException(
                    "%s: a PNG cannot have %d columns and %d rows"
                            .formatted(section.name(), width, height));
        }
        int bits = section.unsignedByte(DATA + 8);
        requireGreyOrPalette(section, bits, section.unsignedByte(DATA + 9));
        int interlace = section.unsignedByte(DATA + 12);
        if (section.unsignedByte(DATA + 10) != 0
                || section.unsignedByte(DATA + 11) != 0
                || interlace > 1) {
            throw new MalformedBodyException(
                    "%s: unknown compression, filter or interlace method in the PNG header"
                            .formatted(section.name()));
        }
        return new PngHeader((int) width, (int) height, bits, interlace == 1);
    }

    private static void requireGreyOrPalette(Section section, int bits, int colourType) {
        switch (colourType) {
            case GREY, PALETTE -> {
                boolean powerOfTwo = Integer.bitCount(bits) == 1;
                if (!powerOfTwo || bits > (colourType == PALETTE ? 8 : 16)) {
                    throw new MalformedBodyException(
                            "%s: a PNG of colour type %d cannot have %d bits a pixel"
                                    .formatted(section.name(), colourType, bits));
                }
            }
            case 2, 4, 6 ->
                    throw new UnusableFramesException(
                            "%s: expected a grey or palette PNG, whose pixels are single numbers, got %s"
                                    .formatted(
                                            section.name(),
                                            switch (colourType) {
                                                case 2 -> "colour (RGB)";
                                                case 4 -> "grey with alpha";
                                                default -> "colour with alpha (RGBA)";
                                            }));
            default ->
                    throw new MalformedBodyException(
                            "%s: unknown PNG colour type %d".formatted(section.name(), colourType));
        }
    }

    /**
     * Requires an image to be large enough for its pixels, before these are allocated.
     *
     * @throws MalformedBodyException if no deflate stream within it could hold them
     */
    void requirePlausible(Section section) {
        long pixelBytes = (long) width * height / Byte.SIZE * bits;
        if (pixelBytes > section.length() * ZipArchive.HIGHEST_RATIO) {
            throw new MalformedBodyException(
                    "%s: %d bytes cannot inflate to %s"
                            .formatted(section.name(), section.length(), this));
        }
    }

    /** Size and depth in words. */
    @Override
    public String toString() {
        return "%dx%d pixels of %d bits".formatted(height, width, bits);
    }
}
