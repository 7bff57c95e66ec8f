package io.nowcast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import io.nowcast.frames.ZrCoefficients;
import io.nowcast.testing.ZipFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Files that {@code make_radar_files.py} wrote with the libraries of each format. */
class RadarFilesTest {

    private static final GridShape GRID = new GridShape(7, 9);
    private static final JsonNode EXPECTED =
            JsonMapper.shared().readTree(Fixtures.file("radar_files.json"));

    private final FrameCodec codec = new FrameCodec(Fixtures.LIMITS);

    @ParameterizedTest
    @CsvSource({
        "odim_dbzh.h5,dBZ",
        "odim_plain.h5,mm/h",
        "cf4.nc,mm/h",
        "cf3.nc,mm/h",
        "cf5.nc,mm/h",
        "float.tif,mm/h",
        "integer.tif,mm/h",
        "grey.pgm,dBZ",
        "wide.pgm.gz,mm/h",
        "palette.gif,dBZ"
    })
    void readsWhatOtherLibrariesWrote(String name, String unit) {
        FrameSequence frames = decode(name).sequences().getFirst();
        List<Double> expected = flat(EXPECTED.get(name));

        assertThat(frames.grid()).isEqualTo(GRID);
        assertThat(frames.unit().symbol()).isEqualTo(unit);
        assertThat(frames.values()).hasSize(expected.size());
        for (int index = 0; index < expected.size(); index++) {
            float value = frames.values()[index];
            if (name.equals("odim_dbzh.h5") && index >= 9 && index < 12) {
                assertThat(value).as("undetect").isEqualTo(-32);
            } else {
                assertThat(value).isEqualTo(Float.valueOf(expected.get(index).floatValue()));
            }
        }
    }

    /** The pixel is its index, and 0.5 dBZ a step from -32. */
    @ParameterizedTest
    @ValueSource(strings = {"fixed_array.h5", "extensible_array.h5", "tree_of_version_2.h5"})
    void readsChunksOfEveryIndexOfTheLatestFormat(String name) {
        float[] values = decode(name).sequences().getFirst().values();

        for (int index = 1; index < values.length; index++) {
            assertThat(values[index]).isEqualTo(index * 0.5f - 32);
        }
    }

    /** As HDF5 2.0 writes chunks that are filtered, asked for its latest format. */
    @Test
    void tellsAFormatThatTheLibraryDoesNotKnow() {
        assertThatThrownBy(() -> decode("layout_of_version_5.h5"))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("data layout message version")
                .hasMessageEndingWith("Detected version = 5");
    }

    private static List<Double> flat(JsonNode node) {
        return node.isArray()
                ? node.valueStream().flatMap(child -> flat(child).stream()).toList()
                : List.of(node.isNull() ? Double.NaN : node.asDouble());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cf4.nc", "cf3.nc", "cf5.nc"})
    void readsTimesAndPlaceOfNetcdf(String name) {
        DecodedFrames decoded = decode(name);
        MapGrid map = decoded.map().orElseThrow();

        assertThat(decoded.times().orElseThrow())
                .containsExactly(
                        Instant.parse("2024-05-01T12:00:00Z"),
                        Instant.parse("2024-05-01T12:05:00Z"),
                        Instant.parse("2024-05-01T12:10:00Z"));
        assertThat(map.west()).isCloseTo(1.9e6, within(1e-6));
        assertThat(map.north()).isCloseTo(-2.0e6, within(1e-6));
        assertThat(map.pixelWidth()).isEqualTo(2000);
        assertThat(decoded.format()).isEqualTo(FrameFormat.NETCDF);
    }

    @Test
    void readsTheRelationOfAnOdimFile() {
        assertThat(decode("odim_dbzh.h5").zr()).contains(new ZrCoefficients(223, 1.53));
        assertThat(decode("odim_plain.h5").zr()).isEmpty();
    }

    @Test
    void readsSeveralFilesInTheOrderOfTheirNames() {
        DecodedFrames decoded =
                codec.decode(zip("a.h5=odim_dbzh.h5", "b.h5=odim_1205.h5"), Fixtures.PLAIN);

        assertThat(decoded.sequences().getFirst().length()).isEqualTo(2);
        assertThat(decoded.times().orElseThrow())
                .containsExactly(
                        Instant.parse("2024-05-01T12:00:00Z"),
                        Instant.parse("2024-05-01T12:05:00Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.h5=odim_1205.h5 b.h5=odim_dbzh.h5 | b.h5: frame 1 is of 2024-05-01T12:00:00Z, the one before it of 2024-05-01T12:05:00Z",
                "a.h5=odim_dbzh.h5 b.h5=odim_dbzh.h5 | frame 1 is of 2024-05-01T12:00:00Z",
                "a.h5=odim_dbzh.h5 b.h5=odim_other_grid.h5 | b.h5 has a grid of 6x9, a.h5 has 7x9",
                "a.h5=odim_dbzh.h5 b.h5=odim_plain.h5 | b.h5 has values in mm/h, a.h5 has dBZ",
                "a.h5=odim_dbzh.h5 b.tif=float.tif | b.tif: a TIFF image among files of another kind",
                "a.h5=odim_nan_projdef.h5 | where/projdef is the number NaN",
                "a.h5=odim_nan_lat.h5 | lat_0 is 'nan', expected a finite number",
                "a.h5=odim_nan_scale.h5 | where/xscale is NaN, expected a finite number",
            })
    void refusesFramesThatAreNoSequence(String files, String message) {
        assertThatThrownBy(() -> codec.decode(zip(files.split(" ", -1)), Fixtures.PLAIN))
                .isInstanceOf(UnusableFramesException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aPredictorThatIsNotReadIsNoDamage() {
        assertThatThrownBy(() -> decode("predictor.tif"))
                .isInstanceOf(UnusableFramesException.class)
                .hasMessageContaining("gdal_translate -co PREDICTOR=1");
    }

    @Test
    void readsDepthsWithTheTimeThatTheyFellIn() {
        DecodedFrames decoded = decode("odim_accumulation.h5");

        assertThat(decoded.sequences().getFirst().unit()).isEqualTo(RainUnit.MILLIMETRES);
    }

    @Test
    void theRequestsOwnEncodingComesFirst() {
        PixelEncoding tenths = new PixelEncoding(RainUnit.DBZ, 0.1, 0, OptionalDouble.empty());
        DecodingRules rules =
                new DecodingRules(
                        RainUnit.DBZ, tenths, tenths, tenths, OptionalDouble.empty(), true);

        FrameSequence frames =
                codec.decode(Fixtures.file("integer.tif"), rules).sequences().getFirst();

        assertThat(frames.unit()).isEqualTo(RainUnit.DBZ);
        assertThat(frames.values()[0])
                .isEqualTo((float) (flat(EXPECTED.get("integer.tif")).getFirst() * 0.1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"grey.pgm", "float.tif", "odim_dbzh.h5", "cf4.nc", "cf3.nc", "palette.gif"})
    void sizesBeyondTheLimitsAreRefusedBeforeTheyAreAllocated(String name) {
        FrameCodec strict = new FrameCodec(new CodecLimits(1 << 20, 64, 8, 62, 32));

        assertThatThrownBy(() -> strict.decode(Fixtures.file(name), Fixtures.PLAIN))
                .isInstanceOf(BodyTooLargeException.class)
                .hasMessageContaining("pixels a frame, the limit is 62");
    }

    @Test
    void aGzipThatExpandsBeyondTheLimitIsRefused() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (var gzip = new java.util.zip.GZIPOutputStream(bomb)) {
            gzip.write("P5 9999 9999 255\n".getBytes(StandardCharsets.US_ASCII));
            gzip.write(new byte[2 << 20]);
        }

        assertThatThrownBy(() -> codec.decode(bomb.toByteArray(), Fixtures.PLAIN))
                .isInstanceOf(BodyTooLargeException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "odim_dbzh.h5",
                "odim_plain.h5",
                "cf4.nc",
                "cf3.nc",
                "cf5.nc",
                "float.tif",
                "integer.tif",
                "grey.pgm",
                "wide.pgm.gz",
                "palette.gif"
            })
    void noTruncationOrDamageSurprises(String name) {
        byte[] body = Fixtures.file(name);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        Stream<byte[]> truncated =
                random.ints(300, 0, body.length).mapToObj(length -> Arrays.copyOf(body, length));
        Stream<byte[]> damaged =
                Stream.generate(
                                () -> {
                                    byte[] copy = body.clone();
                                    copy[random.nextInt(copy.length)] = (byte) random.nextInt();
                                    copy[random.nextInt(copy.length)] =
                                            (byte) (random.nextBoolean() ? 0xff : 0);
                                    return copy;
                                })
                        .limit(1000);
        Stream.concat(truncated, damaged)
                .forEach(bytes -> {
                    try {
                        codec.decode(bytes, Fixtures.PLAIN);
                    } catch (CodecException expected) {
                        assertThat(expected).hasMessageContaining(":");
                    }
                });
    }

    private DecodedFrames decode(String name) {
        return codec.decodeParts(List.of(new FramePart(name, Fixtures.file(name))), Fixtures.PLAIN);
    }

    /** Entries as {@code name=fixture}. */
    private static byte[] zip(String... entries) {
        Map<String, byte[]> archive = new LinkedHashMap<>();
        for (String entry : entries) {
            String[] pair = entry.split("=", -1);
            archive.put(pair[0], Fixtures.file(pair[1]));
        }
        return ZipFile.deflated(archive);
    }
}
