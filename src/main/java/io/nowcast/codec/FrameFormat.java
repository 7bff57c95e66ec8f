package io.nowcast.codec;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of body that frames come and go in. */
public enum FrameFormat {
    /** One NumPy array. */
    NPY("application/x-npy", "npy"),
    /** A ZIP of NumPy arrays. */
    NPZ("application/x-npz", "npz"),
    /** A ZIP of PNG images, one a frame. */
    PNG_STACK("application/zip", "png", "zip"),
    /** Metadata and statistics; for answers only. */
    JSON("application/json", "json"),
    /** NetCDF classic under the CF conventions. As input, HDF5 is of this kind too. */
    NETCDF("application/x-netcdf", "netcdf"),
    /** A ZIP of GeoTIFFs, one a lead time; asked for by parameter only. */
    GEOTIFF("application/zip", "geotiff", "zip"),
    /** An animated picture; for answers only. */
    GIF("image/gif", "gif"),
    /** One picture of all lead times; for answers only. */
    PICTURE("image/png", "picture", "png"),
    /** A row a lead time; for answers only. */
    CSV("text/csv", "csv");

    private final String mediaType;
    private final String parameter;
    private final String suffix;

    FrameFormat(String mediaType, String parameter) {
        this(mediaType, parameter, parameter);
    }

    FrameFormat(String mediaType, String parameter, String suffix) {
        this.mediaType = mediaType;
        this.parameter = parameter;
        this.suffix = suffix;
    }

    /** The media type as it stands in {@code Content-Type} and {@code Accept}. */
    public String mediaType() {
        return mediaType;
    }

    /**
     * Whether {@code Accept} can ask for it. A media type that two formats share means the first;
     * the picture is left out since {@code image/png} is what browsers and tools send out of habit.
     */
    public boolean acceptable() {
        return this != GEOTIFF && this != PICTURE;
    }

    /**
     * Asks for room for a forecast.
     *
     * @throws UnusableFramesException if it has none for so many sequences
     */
    public void requireRoomFor(int sequences) {
        boolean several =
                switch (this) {
                    case NPY, NPZ, PNG_STACK, JSON -> true;
                    case NETCDF, GEOTIFF, GIF, PICTURE, CSV -> false;
                };
        if (sequences > 1 && !several) {
            throw new UnusableFramesException(
                    "%s holds one sequence, the request had %d; ask for npy, npz, png or json"
                            .formatted(parameter, sequences));
        }
    }

    /**
     * Asks for time series of regions.
     *
     * @throws UnusableFramesException if they are not written in it
     */
    public void requireSeries() {
        if (this != JSON && this != CSV) {
            throw new UnusableFramesException(
                    "series of regions are written as json or csv, not as " + parameter);
        }
    }

    /** The value of the query parameter {@code format}. */
    public String parameter() {
        return parameter;
    }

    /** The ending of names of such files. */
    public String suffix() {
        return suffix;
    }

    /** The format with this {@link #parameter()}, whatever its case. */
    public static Optional<FrameFormat> ofParameter(String parameter) {
        String wanted = parameter.toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter(f -> f.parameter.equals(wanted)).findFirst();
    }

    /**
     * Tells a body's format by its first bytes: the magic of NPY, or that of ZIP, which is an NPZ
     * if one of its entries is named {@code *.npy} and a PNG stack otherwise, also where it holds
     * files of radar networks or its directory is damaged. Empty for anything else.
     */
    public static Optional<FrameFormat> detect(byte[] body) {
        return detect(Section.of("body", body));
    }

    static Optional<FrameFormat> detect(Section section) {
        return switch (Signature.of(section)) {
            case NPY -> Optional.of(NPY);
            case ZIP -> Optional.of(holdsArrays(section) ? NPZ : PNG_STACK);
            case PNG, HDF5, NETCDF, TIFF, PGM, GIF, GZIP, FOREIGN, UNKNOWN -> Optional.empty();
        };
    }

    private static boolean holdsArrays(Section section) {
        try {
            return ZipDirectory.read(section).stream()
                    .anyMatch(entry -> entry.name().endsWith(NpzReader.ARRAY_SUFFIX));
        } catch (MalformedBodyException damaged) {
            // Detection has no errors: decoding meets the damage again and reports it.
            return false;
        }
    }
}
