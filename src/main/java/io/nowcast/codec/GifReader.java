package io.nowcast.codec;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads a GIF whose palette index is the value, never its colour, as one frame. The comment of
 * MeteoSwiss's composites names their scale, for which index i is (10^((i - 71.5) / 20) /
 * 316)^(1/1.5) mm; 0, 1 and 251 to 254 are dry, 255 is missing. The indices of other GIFs are
 * integers of the request's or the model's encoding.
 */
final class GifReader {

    private static final Pattern SWISS_SCALE = Pattern.compile("SCALE=mmh2LASSEN8bitmm_mn");
    private static final Pattern SWISS_MINUTES = Pattern.compile("ACCUm=(\\d{1,6})");
    private static final int SIZE_OFFSET = 6;
    private static final int HEADER_LENGTH = 13;

    private final CodecLimits limits;
    private final DecodingRules rules;

    GifReader(CodecLimits limits, DecodingRules rules) {
        this.limits = limits;
        this.rules = rules;
    }

    RadarFile open(Section section) {
        if (section.length() < HEADER_LENGTH) {
            throw new MalformedBodyException(
                    "%s: truncated at byte %d".formatted(section.name(), section.length()));
        }
        int width = section.unsignedShort(SIZE_OFFSET);
        int height = section.unsignedShort(SIZE_OFFSET + 2);
        if (width == 0 || height == 0) {
            throw new MalformedBodyException(
                    "%s: an image of %d x %d".formatted(section.name(), height, width));
        }
        limits.admitFrame(section.name(), height, width);
        GridShape grid = new GridShape(height, width);
        String start = new String(section.firstBytes(1 << 13), StandardCharsets.ISO_8859_1);
        boolean swiss = !rules.encodingGiven() && SWISS_SCALE.matcher(start).find();
        FrameContent content =
                swiss ? swissContent(grid, start) : plainContent(grid, rules.encoding(8));
        float[] table =
                swiss ? swissTable() : PixelLookup.table(rules.encoding(8), Byte.SIZE, false);
        List<Instant> times = FileTime.ofName(section.name()).stream().toList();
        return new RadarFile(
                section.name(),
                content,
                1,
                times,
                (values, first) -> decode(section, grid, table, values, first));
    }

    private static FrameContent plainContent(GridShape grid, PixelEncoding encoding) {
        return FrameContent.of(grid, encoding.unit()).encodedAs(encoding, Byte.SIZE);
    }

    private static FrameContent swissContent(GridShape grid, String start) {
        Matcher minutes = SWISS_MINUTES.matcher(start);
        return FrameContent.of(grid, RainUnit.MILLIMETRES)
                .accumulatedOver(
                        minutes.find()
                                ? Optional.of(Duration.ofMinutes(Long.parseLong(minutes.group(1))))
                                : Optional.empty());
    }

    private static float[] swissTable() {
        float[] table = new float[256];
        for (int index = 2; index <= 250; index++) {
            table[index] = (float) Math.pow(Math.pow(10, (index - 71.5) / 20) / 316, 1 / 1.5);
        }
        table[255] = Float.NaN;
        return table;
    }

    private static void decode(
            Section section, GridShape grid, float[] table, float[] values, int first) {
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        try (ImageInputStream stream =
                new MemoryCacheImageInputStream(
                        new ByteArrayInputStream(section.copy(0, section.length())))) {
            reader.setInput(stream, true, true);
            if (reader.getWidth(0) != grid.width() || reader.getHeight(0) != grid.height()) {
                throw new UnusableFramesException(
                        "%s: the first image is %dx%d on a screen of %s"
                                .formatted(
                                        section.name(),
                                        reader.getHeight(0),
                                        reader.getWidth(0),
                                        grid));
            }
            Raster pixels = reader.read(0).getRaster();
            int[] row = new int[grid.width()];
            for (int y = 0; y < grid.height(); y++) {
                pixels.getSamples(0, y, row.length, 1, 0, row);
                for (int x = 0; x < row.length; x++) {
                    values[first + y * row.length + x] = table[row[x]];
                }
            }
        } catch (CodecException ours) {
            throw ours;
        } catch (IOException | RuntimeException damaged) {
            // Memory is read from, so it is the image that fails.
            throw new MalformedBodyException(
                    "%s: damaged GIF image: %s".formatted(section.name(), damaged.getMessage()),
                    damaged);
        } finally {
            reader.dispose();
        }
    }
}
