package io.nowcast.codec;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the first bytes of a body, an archive entry or a part say it is. */
enum Signature {
    NPY,
    ZIP,
    PNG,
    /** A known kind of file that frames are not read from. */
    FOREIGN,
    UNKNOWN;

    static final byte[] NPY_MAGIC = HexFormat.of().parseHex("934e554d5059");
    static final byte[] PNG_MAGIC = HexFormat.of().parseHex("89504e470d0a1a0a");

    private static final byte[] ZIP_ENTRY = {'P', 'K', 3, 4};
    private static final byte[] ZIP_EMPTY = {'P', 'K', 5, 6};
    private static final int DESCRIBED_BYTES = 16;
    private static final Map<String, String> FOREIGN_MAGIC = foreignMagic();

    static Signature of(Section section) {
        if (section.startsWith(NPY_MAGIC)) {
            return NPY;
        }
        if (section.startsWith(ZIP_ENTRY) || section.startsWith(ZIP_EMPTY)) {
            return ZIP;
        }
        if (section.startsWith(PNG_MAGIC)) {
            return PNG;
        }
        return foreignName(section).isPresent() ? FOREIGN : UNKNOWN;
    }

    /** The first bytes in words: the kind of file, else text in quotes, else hexadecimal. */
    static String describe(Section section) {
        return switch (of(section)) {
            case NPY -> "an NPY array";
            case ZIP -> "a ZIP archive";
            case PNG -> "a single PNG image";
            case FOREIGN -> foreignName(section).orElseThrow();
            case UNKNOWN -> describeUnknown(section.firstBytes(DESCRIBED_BYTES));
        };
    }

    private static String describeUnknown(byte[] start) {
        if (start.length == 0) {
            return "nothing (0 bytes)";
        }
        for (byte b : start) {
            if ((b < ' ' || b > '~') && b != '\n' && b != '\r' && b != '\t') {
                return "bytes " + HexFormat.ofDelimiter(" ").formatHex(start);
            }
        }
        return "text \"%s\""
                .formatted(
                        new String(start, StandardCharsets.US_ASCII)
                                .replaceAll("[\\n\\r\\t]", " "));
    }

    private static Optional<String> foreignName(Section section) {
        String start = new String(section.firstBytes(8), StandardCharsets.ISO_8859_1);
        return FOREIGN_MAGIC.entrySet().stream()
                .filter(magic -> start.startsWith(magic.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static Map<String, String> foreignMagic() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("\u0089HDF\r\n\u001a\n", "an HDF5 file");
        names.put("GIF8", "a GIF image");
        names.put("II*\0", "a TIFF image");
        names.put("MM\0*", "a TIFF image");
        names.put("\u00ff\u00d8\u00ff", "a JPEG image");
        names.put("\u001f\u008b", "gzip-compressed data");
        names.put("CDF\u0001", "a NetCDF file");
        names.put("CDF\u0002", "a NetCDF file");
        names.put("GRIB", "a GRIB message");
        names.put("P5", "a PGM image");
        names.put("{", "JSON");
        return names;
    }
}
