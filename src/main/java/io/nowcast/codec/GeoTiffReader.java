package io.nowcast.codec;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.MapProjection;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import io.nowcast.projection.GeoKeyDirectory;
import java.awt.Rectangle;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads a GeoTIFF of one band, integers of 8 to 32 bits or floats, as one frame: the first image
 * (others are overviews or masks), its GeoKeys unchanged, and what GDAL's metadata say of gain,
 * offset, missing and dry pixels. The pixels are decoded by ImageIO, a strip of rows at a time.
 */
final class GeoTiffReader {

    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int DATE_TIME = 306;
    private static final int BANDS = 277;
    private static final int STRIP_BYTES = 279;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_BYTES = 325;
    private static final int TILE_HEIGHT = 323;
    private static final int ROWS_PER_STRIP = 278;
    private static final int PREDICTOR = 317;
    private static final int SAMPLE_FORMAT = 339;
    private static final int PIXEL_SCALE = 33550;
    private static final int TIE_POINT = 33922;
    private static final int GEO_KEYS = 34735;
    private static final int GEO_DOUBLES = 34736;
    private static final int GEO_ASCII = 34737;
    private static final int GDAL_METADATA = 42112;
    private static final int GDAL_NODATA = 42113;
    private static final int UNSIGNED_FORMAT = 1;
    private static final int SIGNED_FORMAT = 2;
    private static final int FLOAT_FORMAT = 3;
    private static final int ROWS_AT_ONCE = 256;

    private final CodecLimits limits;
    private final DecodingRules rules;

    GeoTiffReader(CodecLimits limits, DecodingRules rules) {
        this.limits = limits;
        this.rules = rules;
    }

    RadarFile open(Section section) {
        if (section.length() < 8) {
            throw new MalformedBodyException(
                    "%s: truncated at byte %d".formatted(section.name(), section.length()));
        }
        TiffDirectory directory = TiffDirectory.of(section);
        double width = directory.number(WIDTH, 0);
        double height = directory.number(HEIGHT, 0);
        int bits = (int) directory.number(BITS, 1);
        int sampleFormat = (int) directory.number(SAMPLE_FORMAT, UNSIGNED_FORMAT);
        boolean floats = sampleFormat == FLOAT_FORMAT;
        requireOneBand(section.name(), directory, bits, floats);
        // Not the same as < 1 where a number is NaN.
        if (!(width >= 1) || !(height >= 1)) {
            throw new MalformedBodyException(
                    "%s: an image of %s x %s".formatted(section.name(), height, width));
        }
        limits.admitFrame(section.name(), (long) height, (long) width);
        requireStored(section, directory, STRIP_BYTES);
        requireStored(section, directory, TILE_BYTES);
        int rowsAtOnce = rowsAtOnce(section.name(), directory, bits, height);
        GridShape grid = new GridShape((int) height, (int) width);
        GdalMetadata metadata = GdalMetadata.parse(directory.text(GDAL_METADATA).orElse(""));
        PixelEncoding encoding = encoding(directory, metadata, bits);
        FrameContent content =
                FrameContent.of(grid, floats ? floatUnit(metadata) : encoding.unit())
                        .on(map(section.name(), directory));
        if (!floats) {
            content = content.encodedAs(encoding, bits);
        }
        NumberMeaning meaning =
                floats
                        ? floatMeaning(directory, bits)
                        : asStored(integerMeaning(encoding, metadata), bits, sampleFormat);
        return new RadarFile(
                section.name(),
                content,
                1,
                time(section.name(), directory, metadata).stream().toList(),
                (values, start) -> decode(section, grid, bits, rowsAtOnce, meaning, values, start));
    }

    private static void requireOneBand(
            String name, TiffDirectory directory, int bits, boolean floats) {
        boolean read = floats ? bits == 32 || bits == 64 : bits == 8 || bits == 16 || bits == 32;
        if (directory.number(BANDS, 1) != 1 || !read) {
            throw new UnusableFramesException(
                    "%s: expected one band of 8-, 16- or 32-bit integers or of floats, got %d bands of %d-bit %s"
                            .formatted(
                                    name,
                                    (int) directory.number(BANDS, 1),
                                    bits,
                                    floats ? "floats" : "integers"));
        }
        int predictor = (int) directory.number(PREDICTOR, 1);
        if (predictor > 2 || (predictor == 2 && bits != Byte.SIZE)) {
            throw new UnusableFramesException(
                    "%s: predictor %d of %d-bit pixels is not read; 'gdal_translate -co PREDICTOR=1' takes it off"
                            .formatted(name, predictor, bits));
        }
    }

    /**
     * How many rows to decode at once: whole tiles or strips, since ImageIO decodes each of them
     * anew whenever a part of it is wanted, and allocates it whole.
     */
    private int rowsAtOnce(String name, TiffDirectory directory, int bits, double height) {
        double columns = directory.number(TILE_WIDTH, directory.number(WIDTH, 0));
        double rows =
                directory.number(
                        TILE_HEIGHT, Math.min(height, directory.number(ROWS_PER_STRIP, height)));
        limits.admitFrame(name + ": a tile", (long) rows, (long) columns);
        limits.admitBytes(name + ": a tile", (long) (rows * columns * bits / 8));
        int each = Math.max(1, (int) rows);
        return Math.ceilDiv(ROWS_AT_ONCE, each) * each;
    }

    /** ImageIO allocates what a strip says that it takes, before it reads it. */
    private static void requireStored(Section section, TiffDirectory directory, int tag) {
        double bytes = directory.largest(tag);
        if (bytes > section.length()) {
            throw new MalformedBodyException(
                    "%s: a strip or tile of %.0f bytes in a file of %d"
                            .formatted(section.name(), bytes, section.length()));
        }
    }

    private RainUnit floatUnit(GdalMetadata metadata) {
        return rules.encodingGiven() ? rules.unit() : metadata.unit().orElse(rules.unit());
    }

    private NumberMeaning floatMeaning(TiffDirectory directory, int bits) {
        double given = rules.fillValue().orElse(nodata(directory).orElse(Double.NaN));
        double missing = bits == 32 ? (float) given : given;
        return raw -> raw == missing ? Float.NaN : (float) raw;
    }

    private static NumberMeaning integerMeaning(PixelEncoding encoding, GdalMetadata metadata) {
        double undetect = metadata.undetect().orElse(Double.NaN);
        float dry = DryValue.of(encoding.unit());
        return raw -> raw == undetect ? dry : PixelLookup.physical(encoding, raw);
    }

    /**
     * ImageIO takes every integer of 32 bits for signed and every one of 8 bits for unsigned; TIFF
     * 6.0, section 19, tells which they are.
     */
    private static NumberMeaning asStored(NumberMeaning meaning, int bits, int sampleFormat) {
        if (bits == Integer.SIZE && sampleFormat == UNSIGNED_FORMAT) {
            return raw -> meaning.of(raw < 0 ? raw + 0x1p32 : raw);
        }
        if (bits == Byte.SIZE && sampleFormat == SIGNED_FORMAT) {
            return raw -> meaning.of(raw > Byte.MAX_VALUE ? raw - 0x1p8 : raw);
        }
        return meaning;
    }

    /** The request's encoding, else what the file tells, else the model's. */
    private PixelEncoding encoding(TiffDirectory directory, GdalMetadata metadata, int bits) {
        PixelEncoding standard = rules.encoding(bits);
        OptionalDouble fill =
                rules.fillValue().isPresent()
                        ? rules.fillValue()
                        : first(nodata(directory), metadata.nodata(), standard.fillValue());
        if (rules.encodingGiven() || metadata.gain().isEmpty()) {
            return new PixelEncoding(
                    standard.unit(), standard.scaleFactor(), standard.addOffset(), fill);
        }
        double gain = metadata.gain().getAsDouble();
        return new PixelEncoding(
                metadata.unit().orElse(standard.unit()),
                gain == 0 || !Double.isFinite(gain) ? 1 : gain,
                metadata.offset().orElse(0),
                fill);
    }

    private static OptionalDouble first(OptionalDouble... candidates) {
        for (OptionalDouble candidate : candidates) {
            if (candidate.isPresent()) {
                return candidate;
            }
        }
        return OptionalDouble.empty();
    }

    private static OptionalDouble nodata(TiffDirectory directory) {
        try {
            return directory
                    .text(GDAL_NODATA)
                    .map(text -> OptionalDouble.of(Double.parseDouble(text)))
                    .orElse(OptionalDouble.empty());
        } catch (NumberFormatException _) {
            return OptionalDouble.empty();
        }
    }

    private static Optional<MapGrid> map(String name, TiffDirectory directory) {
        List<Double> scale = directory.numbers(PIXEL_SCALE);
        List<Double> tie = directory.numbers(TIE_POINT);
        List<Integer> keys = directory.numbers(GEO_KEYS).stream().map(Double::intValue).toList();
        if (scale.size() < 2 || tie.size() < 6 || keys.isEmpty()) {
            return Optional.empty();
        }
        MapProjection.GeoKeys projection =
                new MapProjection.GeoKeys(
                        keys, directory.numbers(GEO_DOUBLES), directory.text(GEO_ASCII).orElse(""));
        double half = GeoKeyDirectory.pixelIsPoint(projection) ? 0.5 : 0;
        try {
            return Optional.of(
                    new MapGrid(
                            projection,
                            GeoKeyDirectory.unit(projection),
                            tie.get(3) - (tie.get(0) + half) * scale.get(0),
                            tie.get(4) + (tie.get(1) + half) * scale.get(1),
                            scale.get(0),
                            scale.get(1)));
        } catch (IllegalArgumentException problem) {
            throw new UnusableFramesException(name + ": " + problem.getMessage());
        }
    }

    private static Optional<Instant> time(
            String name, TiffDirectory directory, GdalMetadata metadata) {
        return metadata.time()
                .or(() ->
                        directory
                                .text(DATE_TIME)
                                .flatMap(text -> FileTime.ofDigits(text.replaceAll("\\D", ""))))
                .or(() -> FileTime.ofName(name));
    }

    private static void decode(
            Section section,
            GridShape grid,
            int bits,
            int rowsAtOnce,
            NumberMeaning meaning,
            float[] values,
            int start) {
        ImageReader reader = ImageIO.getImageReadersByFormatName("tiff").next();
        double[] row = new double[grid.width()];
        try (ImageInputStream stream =
                new MemoryCacheImageInputStream(
                        new ByteArrayInputStream(section.copy(0, section.length())))) {
            reader.setInput(stream, false, true);
            for (int top = 0; top < grid.height(); top += rowsAtOnce) {
                int rows = Math.min(rowsAtOnce, grid.height() - top);
                ImageReadParam part = reader.getDefaultReadParam();
                part.setSourceRegion(new Rectangle(0, top, grid.width(), rows));
                Raster raster = reader.read(0, part).getRaster();
                int found = raster.getSampleModel().getSampleSize(0);
                if (found != bits) {
                    throw new IllegalArgumentException(
                            "its pixels have %d bits, expected %d".formatted(found, bits));
                }
                for (int y = 0; y < rows; y++) {
                    raster.getSamples(0, y, grid.width(), 1, 0, row);
                    int target = start + (top + y) * grid.width();
                    for (int x = 0; x < grid.width(); x++) {
                        values[target + x] = meaning.of(row[x]);
                    }
                }
            }
        } catch (IOException | RuntimeException damaged) {
            // Memory is read from, so it is the image that fails; on damaged data ImageIO's TIFF
            // reader throws what its parsing happens to meet.
            throw new MalformedBodyException(
                    "%s: damaged TIFF image: %s".formatted(section.name(), damaged.getMessage()),
                    damaged);
        } finally {
            reader.dispose();
        }
    }
}
