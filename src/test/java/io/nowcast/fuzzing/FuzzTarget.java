package io.nowcast.fuzzing;

import io.nowcast.checkpoint.CheckpointException;
import io.nowcast.checkpoint.CheckpointInput;
import io.nowcast.codec.CodecException;
import io.nowcast.codec.CodecLimits;
import io.nowcast.codec.DecodingRules;
import io.nowcast.codec.FrameCodec;
import io.nowcast.codec.FrameFormat;
import io.nowcast.codec.FramePart;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import io.nowcast.layout.LayoutException;
import io.nowcast.model.ManifestInput;
import io.nowcast.model.ModelException;
import io.nowcast.products.GeoJsonRegion;
import io.nowcast.web.RequestInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** A way in for untrusted bytes, and the exceptions that it documents. */
enum FuzzTarget {
    NPY(120),
    NPZ(70),
    ZIP_STACK(30),
    PNG_STACK(50),
    HDF5(25),
    NETCDF(90),
    TIFF(30),
    GIF(30),
    PGM(90),
    PICKLE(100),
    CHECKPOINT_ZIP(40),
    CHECKPOINT_LEGACY(60),
    SAFETENSORS(60),
    LAYOUT(20),
    MANIFEST(10),
    MULTIPART(40),
    INFERENCE(60),
    GZIP(40),
    GEOJSON(80);

    /** Small, so that what an input makes the service allocate shows. */
    static final CodecLimits LIMITS = new CodecLimits(1 << 20, 64, 8, 1 << 16, 32);

    private static final DecodingRules RULES =
            new DecodingRules(
                    RainUnit.MILLIMETRES_PER_HOUR,
                    PixelEncoding.identity(RainUnit.DBZ),
                    PixelEncoding.identity(RainUnit.MILLIMETRES_PER_HOUR),
                    PixelEncoding.identity(RainUnit.MODEL),
                    OptionalDouble.empty());

    private static final FrameCodec CODEC = new FrameCodec(LIMITS);
    static final byte[] BOUNDARY = "\r\n--".getBytes(StandardCharsets.ISO_8859_1);

    private final int share;

    FuzzTarget(int share) {
        this.share = share;
    }

    /**
     * How much of all inputs is for this target, in proportion to the others: fast ones get more.
     */
    int share() {
        return share;
    }

    /**
     * Feeds an input.
     *
     * @return whether it was accepted; refusals that are documented are not
     * @throws RuntimeException or Error if the target has a fault
     */
    boolean accepts(byte[] input) {
        try {
            return switch (this) {
                case NPY -> decode(input, FrameFormat.NPY);
                case NPZ -> decode(input, FrameFormat.NPZ);
                case ZIP_STACK, PNG_STACK -> decode(input, FrameFormat.PNG_STACK);
                case HDF5, NETCDF, TIFF, GIF, PGM -> {
                    CODEC.decode(input, RULES);
                    yield true;
                }
                case PICKLE -> {
                    CheckpointInput.pickle(input);
                    yield true;
                }
                case CHECKPOINT_ZIP, CHECKPOINT_LEGACY, SAFETENSORS -> {
                    CheckpointInput.file(input);
                    yield true;
                }
                case LAYOUT -> LayoutInput.text(new String(input, StandardCharsets.UTF_8));
                case MANIFEST -> manifest(input);
                case MULTIPART -> {
                    CODEC.decodeParts(parts(input), RULES);
                    yield true;
                }
                case INFERENCE ->
                        RequestInput.inference(input, LIMITS.expandedBytes() / Float.BYTES);
                case GZIP -> RequestInput.gzip(input, LIMITS.expandedBytes());
                case GEOJSON -> geoJson(input);
            };
        } catch (CodecException | CheckpointException | LayoutException | ModelException refused) {
            return false;
        }
    }

    private static boolean decode(byte[] input, FrameFormat format) {
        CODEC.decode(input, format, RULES);
        return true;
    }

    private static boolean geoJson(byte[] input) {
        try {
            GeoJsonRegion.parse(new String(input, StandardCharsets.UTF_8));
            return true;
        } catch (IllegalArgumentException refused) {
            // What the query's reader expects of a parser.
            return false;
        }
    }

    private static boolean manifest(byte[] input) {
        Path file = Manifest.FILE;
        try {
            Files.write(file, input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ManifestInput.file(file);
        return true;
    }

    /** Parts as Tomcat hands them on: it is Tomcat's parser that takes the body apart. */
    private static List<FramePart> parts(byte[] input) {
        List<FramePart> parts = new ArrayList<>();
        int start = 0;
        for (int end = boundary(input, start); end < input.length; end = boundary(input, start)) {
            parts.add(part(parts.size(), input, start, end));
            start = end + BOUNDARY.length;
        }
        parts.add(part(parts.size(), input, start, input.length));
        return parts;
    }

    private static FramePart part(int number, byte[] input, int start, int end) {
        return new FramePart("part " + number, Arrays.copyOfRange(input, start, end));
    }

    /** Where the next boundary begins; the end where there is none. */
    private static int boundary(byte[] input, int start) {
        for (int at = start; at + BOUNDARY.length <= input.length; at++) {
            if (Arrays.equals(input, at, at + BOUNDARY.length, BOUNDARY, 0, BOUNDARY.length)) {
                return at;
            }
        }
        return input.length;
    }

    /** A file of its own for each process, made when it is first needed. */
    private static final class Manifest {
        private static final Path FILE = temporary();

        private static Path temporary() {
            try {
                Path file = Files.createTempFile("model", ".yaml");
                file.toFile().deleteOnExit();
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
