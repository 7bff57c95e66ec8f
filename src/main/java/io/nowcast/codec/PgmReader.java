package io.nowcast.codec;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.MapProjection;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import io.nowcast.frames.ZrCoefficients;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a binary PGM, <a href="https://netpbm.sourceforge.net/doc/pgm.html">P5</a> of 8 or 16 bits,
 * as one frame. The comments of the Finnish Meteorological Institute's composites tell time, place
 * and quantity: reflectivity there is (v - 64) / 2 dBZ with 255 missing and 0 no echo, and Z = 223
 * R^1.53. The numbers of other PGMs are those of the request or the model.
 */
final class PgmReader {

    private static final int LONGEST_HEADER = 1 << 14;
    private static final PixelEncoding FMI_REFLECTIVITY =
            new PixelEncoding(RainUnit.DBZ, 0.5, -32, OptionalDouble.of(255));
    private static final ZrCoefficients FMI_RELATION = new ZrCoefficients(223, 1.53);

    /** The sphere on which the corners and the metres per pixel of FMI's headers agree. */
    private static final String FMI_SPHERE = "+a=6371288 +b=6371288";

    private static final String NUMBER = "(-?[\\d.]+)";

    private final CodecLimits limits;
    private final DecodingRules rules;

    PgmReader(CodecLimits limits, DecodingRules rules) {
        this.limits = limits;
        this.rules = rules;
    }

    RadarFile open(Section section) {
        Header header = header(section);
        limits.admitFrame(section.name(), header.height(), header.width());
        GridShape grid = new GridShape((int) header.height(), (int) header.width());
        int bytes = header.highest() < 256 ? 1 : 2;
        long needed = grid.pixels() * bytes;
        if (section.length() - header.length() != needed) {
            throw new MalformedBodyException(
                    "%s: a PGM of %s with values up to %d has %d bytes of pixels, got %d"
                            .formatted(
                                    section.name(),
                                    grid,
                                    header.highest(),
                                    needed,
                                    section.length() - header.length()));
        }
        boolean reflectivity =
                bytes == 1
                        && !rules.encodingGiven()
                        && header.comment("param (CorrectedReflectivity)").isPresent();
        PixelEncoding encoding = reflectivity ? FMI_REFLECTIVITY : rules.encoding(8 * bytes);
        FrameContent content =
                FrameContent.of(grid, encoding.unit())
                        .encodedAs(encoding, 8 * bytes)
                        .with(reflectivity ? Optional.of(FMI_RELATION) : Optional.empty())
                        .on(map(section.name(), header, grid));
        Optional<Instant> time =
                header.comment("obstime (\\d{12,14})")
                        .flatMap(match -> FileTime.ofDigits(match.group(1)))
                        .or(() -> FileTime.ofName(section.name()));
        float[] table = PixelLookup.table(encoding, 8 * bytes, false);
        return new RadarFile(
                section.name(),
                content,
                1,
                time.stream().toList(),
                (values, start) -> {
                    for (int pixel = 0; pixel < grid.pixels(); pixel++) {
                        int at = header.length() + pixel * bytes;
                        int value =
                                bytes == 1
                                        ? section.unsignedByte(at)
                                        : (section.unsignedByte(at) << 8)
                                                | section.unsignedByte(at + 1);
                        values[start + pixel] = table[value];
                    }
                });
    }

    private static Header header(Section section) {
        List<String> comments = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        int at = 2;
        int end = Math.min(section.length(), LONGEST_HEADER);
        StringBuilder word = new StringBuilder();
        while (at < end && numbers.size() < 3) {
            int next = section.unsignedByte(at++);
            if (next == '#') {
                int start = at;
                while (at < end && section.unsignedByte(at) != '\n') {
                    at++;
                }
                comments.add(
                        new String(section.copy(start, at - start), StandardCharsets.ISO_8859_1)
                                .strip());
            } else if (next >= '0' && next <= '9' && word.length() < 9) {
                word.append((char) next);
            } else if (Character.isWhitespace(next)) {
                if (!word.isEmpty()) {
                    numbers.add(Long.parseLong(word.toString()));
                    word.setLength(0);
                }
            } else {
                break;
            }
        }
        boolean sound =
                numbers.size() == 3
                        && numbers.get(0) > 0
                        && numbers.get(1) > 0
                        && numbers.get(2) > 0
                        && numbers.get(2) < 65536;
        if (!sound) {
            throw new MalformedBodyException(
                    "%s: expected the PGM's width, height and highest value, got %s up to byte %d"
                            .formatted(section.name(), numbers, at));
        }
        return new Header(numbers.get(0), numbers.get(1), numbers.get(2).intValue(), at, comments);
    }

    private static Optional<MapGrid> map(String name, Header header, GridShape grid) {
        Optional<Matcher> longitude = header.comment("centrallongitude " + NUMBER);
        Optional<Matcher> latitude = header.comment("centrallatitude " + NUMBER);
        Optional<Matcher> parallel = header.comment("truelatitude " + NUMBER);
        Optional<Matcher> southWest = header.comment("bottomleft " + NUMBER + " " + NUMBER);
        Optional<Matcher> northEast = header.comment("topright " + NUMBER + " " + NUMBER);
        boolean complete =
                header.comment("type (stereographic)").isPresent()
                        && longitude.isPresent()
                        && latitude.isPresent()
                        && parallel.isPresent()
                        && southWest.isPresent()
                        && northEast.isPresent();
        if (!complete) {
            return Optional.empty();
        }
        String definition =
                "+proj=stere +lat_0=%s +lon_0=%s +lat_ts=%s %s"
                        .formatted(
                                latitude.get().group(1),
                                longitude.get().group(1),
                                parallel.get().group(1),
                                FMI_SPHERE);
        return Optional.of(
                CornerGrid.ofSouthWestAndNorthEast(
                        name,
                        new MapProjection.ProjString(definition),
                        grid,
                        corner(southWest.get()),
                        corner(northEast.get())));
    }

    private static CornerGrid.Corner corner(Matcher match) {
        try {
            return new CornerGrid.Corner(
                    Double.parseDouble(match.group(1)), Double.parseDouble(match.group(2)));
        } catch (NumberFormatException _) {
            throw new UnusableFramesException(
                    "expected longitude and latitude of a corner, got '%s'"
                            .formatted(match.group()));
        }
    }

    /**
     * The header of a PGM.
     *
     * @param length where the pixels begin
     */
    private record Header(long width, long height, int highest, int length, List<String> comments) {

        Optional<Matcher> comment(String pattern) {
            Pattern compiled = Pattern.compile("^" + pattern + "$");
            return comments.stream().map(compiled::matcher).filter(Matcher::find).findFirst();
        }
    }
}
