package io.nowcast.codec;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the first bytes of a body, an archive entry or a part say it is. */
enum Signature {
    NPY("an NPY array"),
    ZIP("a ZIP archive"),
    PNG("a single PNG image"),
    HDF5("an HDF5 file"),
    /** NetCDF classic; NetCDF-4 is HDF5. */
    NETCDF("a NetCDF file"),
    TIFF("a TIFF image"),
    PGM("a PGM image"),
    GIF("a GIF image"),
    /** Holds another kind of file. */
    GZIP("gzip-compressed data"),
    /** A known kind of file that frames are not read from. */
    FOREIGN("a file of another kind"),
    UNKNOWN("a file of an unknown kind");

    /** What frames are read from, for messages. */
    static final String KINDS =
            "an NPY array, an NPZ, PNG images, ODIM_H5, KNMI HDF5, CF NetCDF, GeoTIFF, PGM or palette GIF files, or a ZIP of them";

    static final byte[] NPY_MAGIC = HexFormat.of().parseHex("934e554d5059");
    static final byte[] PNG_MAGIC = HexFormat.of().parseHex("89504e470d0a1a0a");

    private static final byte[] ZIP_ENTRY = {'P', 'K', 3, 4};
    private static final byte[] ZIP_EMPTY = {'P', 'K', 5, 6};
    private static final int DESCRIBED_BYTES = 16;
    private static final String GRIB =
            "a GRIB message (convert it with 'gdal_translate -of GTiff in.grib2 out.tif' or 'cdo -f nc4 copy')";
    private static final String RADOLAN =
            "a RADOLAN composite (convert it to NetCDF or NPY, as wradlib's read_radolan_composite and xarray's to_netcdf do)";
    private static final Map<String, Signature> RADAR_MAGIC = radarMagic();
    private static final Map<String, String> FOREIGN_MAGIC = foreignMagic();
    private final String description;

    Signature(String description) {
        this.description = description;
    }

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
        String start = start(section);
        return RADAR_MAGIC.entrySet().stream()
                .filter(magic -> start.startsWith(magic.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(foreignName(section).isPresent() ? FOREIGN : UNKNOWN);
    }

    String description() {
        return description;
    }

    /** Whether {@link RadarFileReader} reads it, or what it holds. */
    boolean radarFile() {
        return switch (this) {
            case HDF5, NETCDF, TIFF, PGM, GIF, GZIP -> true;
            case NPY, ZIP, PNG, FOREIGN, UNKNOWN -> false;
        };
    }

    /** The kind of answer that is like this kind of file. */
    FrameFormat answerFormat() {
        return switch (this) {
            case HDF5, NETCDF -> FrameFormat.NETCDF;
            case TIFF -> FrameFormat.GEOTIFF;
            case NPY -> FrameFormat.NPY;
            case ZIP, PNG, PGM, GIF, GZIP, FOREIGN, UNKNOWN -> FrameFormat.PNG_STACK;
        };
    }

    /** The first bytes in words: the kind of file, else text in quotes, else hexadecimal. */
    static String describe(Section section) {
        return switch (of(section)) {
            case FOREIGN -> foreignName(section).orElseThrow();
            case UNKNOWN -> describeUnknown(section.firstBytes(DESCRIBED_BYTES));
            case NPY, ZIP, PNG, HDF5, NETCDF, TIFF, PGM, GIF, GZIP -> of(section).description;
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
        String start = start(section);
        // Two letters of the product, day and time, the station 10000 (all of Germany), a date.
        if (start.matches("(?s)[A-Z][A-Z0-9]\\d{6}10000\\d{4}BY.*")) {
            return Optional.of(RADOLAN);
        }
        return FOREIGN_MAGIC.entrySet().stream()
                .filter(magic -> start.startsWith(magic.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static String start(Section section) {
        return new String(section.firstBytes(24), StandardCharsets.ISO_8859_1);
    }

    private static Map<String, Signature> radarMagic() {
        Map<String, Signature> kinds = new LinkedHashMap<>();
        kinds.put("\u0089HDF\r\n\u001a\n", HDF5);
        kinds.put("CDF\u0001", NETCDF);
        kinds.put("CDF\u0002", NETCDF);
        kinds.put("CDF\u0005", NETCDF);
        kinds.put("GIF8", GIF);
        kinds.put("II*\0", TIFF);
        kinds.put("MM\0*", TIFF);
        kinds.put("P5", PGM);
        kinds.put("\u001f\u008b", GZIP);
        return kinds;
    }

    private static Map<String, String> foreignMagic() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("\u00ff\u00d8\u00ff", "a JPEG image");
        names.put("BZh", "bzip2-compressed data (unpack it; " + RADOLAN + " inside is not read)");
        names.put("BUFR", "a BUFR message (convert it to ODIM_H5 or NetCDF)");
        names.put("GRIB", GRIB);
        names.put("II+\0", "a BigTIFF image (convert it with 'gdal_translate -co BIGTIFF=NO')");
        names.put("MM\0+", "a BigTIFF image (convert it with 'gdal_translate -co BIGTIFF=NO')");
        names.put("{", "JSON");
        return names;
    }
}
