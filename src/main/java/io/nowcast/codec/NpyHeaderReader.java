package io.nowcast.codec;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Finds the header in the bytes of an NPY array: magic, version, length and a Python dictionary.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">NumPy: NPY
 *     format</a>
 */
final class NpyHeaderReader {

    /** NumPy itself refuses headers above 10 000 bytes: parsing them could be made expensive. */
    private static final int LONGEST_HEADER = 10_000;

    private static final int VERSION_OFFSET = 6;
    private static final int LENGTH_OFFSET = 8;

    private NpyHeaderReader() {}

    /**
     * Reads the header; looks at no element.
     *
     * @throws MalformedBodyException if this is not an NPY header of format 1, 2 or 3
     * @throws UnusableFramesException if the elements are no real numbers
     */
    static NpyHeader read(Section section) {
        if (Signature.of(section) != Signature.NPY) {
            throw new MalformedBodyException(
                    "%s: expected an NPY array (first bytes 93 'NUMPY'), got %s"
                            .formatted(section.name(), Signature.describe(section)));
        }
        requireLength(section, LENGTH_OFFSET, "the version");
        int version = section.unsignedByte(VERSION_OFFSET);
        int minor = section.unsignedByte(VERSION_OFFSET + 1);
        if (version < 1 || version > 3 || minor != 0) {
            throw new MalformedBodyException(
                    "%s: expected NPY format 1.0, 2.0 or 3.0, got %d.%d at byte %d"
                            .formatted(section.name(), version, minor, VERSION_OFFSET));
        }
        int textOffset = version == 1 ? LENGTH_OFFSET + Short.BYTES : LENGTH_OFFSET + Integer.BYTES;
        requireLength(section, textOffset, "the header length");
        long textLength =
                version == 1
                        ? section.unsignedShort(LENGTH_OFFSET)
                        : section.unsignedInt(LENGTH_OFFSET);
        if (textLength > LONGEST_HEADER) {
            throw new MalformedBodyException(
                    "%s: header of %d bytes promised at byte %d, expected at most %d"
                            .formatted(section.name(), textLength, LENGTH_OFFSET, LONGEST_HEADER));
        }
        int dataOffset = textOffset + (int) textLength;
        requireLength(section, dataOffset, "the header");
        Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        String text = new String(section.copy(textOffset, (int) textLength), charset);
        return new NpyHeaderParser(section.name(), text, textOffset).parse(dataOffset);
    }

    private static void requireLength(Section section, int end, String what) {
        if (section.length() < end) {
            throw new MalformedBodyException(
                    "%s: truncated at byte %d, %s reaches to byte %d"
                            .formatted(section.name(), section.length(), what, end));
        }
    }
}
