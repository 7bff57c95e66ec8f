package io.nowcast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import io.nowcast.projection.MapPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Untouched files of weather services decode to what other code found in them. They stand beside
 * the project, in the folder that the system property {@code nowcast.shared} names.
 */
class OriginalFilesTest {

    private static final Path FOLDER =
            Path.of(System.getProperty("nowcast.shared", "../shared"), "radar", "originals");

    private static final DecodingRules RULES =
            new DecodingRules(
                    RainUnit.MILLIMETRES_PER_HOUR,
                    PixelEncoding.identity(RainUnit.MODEL),
                    PixelEncoding.identity(RainUnit.MODEL),
                    PixelEncoding.identity(RainUnit.MODEL),
                    OptionalDouble.empty());

    private final FrameCodec codec =
            new FrameCodec(new CodecLimits(300 << 20, 100, 1, 40_000_000, 100));

    @BeforeEach
    void requireOriginals() {
        assumeTrue(Files.isDirectory(FOLDER), "original radar files are absent: " + FOLDER);
    }

    /** OPERA's files hold measured values of no rain too, counted by h5py, beside their marker. */
    @ParameterizedTest
    @CsvSource({
        "T_PAAH21_C_EUOC_20180824200000.hdf,mm/h,2018-08-24T20:00:00Z,4206",
        "T_PAAH22_C_EUOC_20241126010000.hdf,mm/h,2024-11-26T01:00:00Z,651",
        "T_PABV21_C_EUOC_20241126013000.hdf,dBZ,2024-11-26T01:30:00Z,7636",
        "RAD_NL25_RAP_5min_201008260300.h5,mm,2010-08-26T03:00:00Z,0",
        "201609281600_fmi.radar.composite.lowest_FIN_SUOMI1.pgm.gz,dBZ,2016-09-28T16:00:00Z,0",
        "201705091200_FINUTM.tif,dBZ,2017-05-09T12:00:00Z,0",
        "AQC161932200V_00005.801.gif,mm,2016-07-11T22:00:00Z,0"
    })
    void decodesToWhatIsKnown(String name, String unit, Instant time, int measuredDry)
            throws IOException {
        JsonNode expected =
                JsonMapper.shared().readTree(FOLDER.resolve("expected.json").toFile()).get(name);
        DecodedFrames decoded = decode(name);
        FrameSequence frames = decoded.sequences().getFirst();

        assertThat(frames.length()).isEqualTo(1);
        assertThat(frames.grid().height()).isEqualTo(expected.get("shape").get(0).asInt());
        assertThat(frames.grid().width()).isEqualTo(expected.get("shape").get(1).asInt());
        assertThat(frames.unit().symbol()).isEqualTo(unit);
        assertThat(decoded.times()).contains(List.of(time));
        Counts counts = Counts.of(frames);
        assertThat(counts.missing()).isEqualTo(expected.get("n_nodata").asInt());
        assertThat(counts.dry()).isEqualTo(expected.get("n_no_echo").asInt() + measuredDry);
        double dryEcho = frames.unit() == RainUnit.DBZ ? -32.0 * measuredDry : 0;
        assertThat(counts.sum() + dryEcho)
                .isCloseTo(
                        expected.get("sum_valid").asDouble(),
                        within(1e-7 * Math.abs(expected.get("sum_valid").asDouble())));
        assertThat(counts.maximum()).isEqualTo((float) expected.get("max").asDouble());
        for (JsonNode sample : expected.get("samples")) {
            float value = frames.value(0, sample.get(0).asInt(), sample.get(1).asInt());
            if (sample.get(2).isNull()) {
                assertThat(value).isNaN();
            } else if (sample.get(2).asDouble() < -1000) {
                // The file's marker of "no echo", before it is decoded.
                assertThat(value).isEqualTo(frames.unit() == RainUnit.DBZ ? -32 : 0);
            } else {
                assertThat(value).isEqualTo((float) sample.get(2).asDouble());
            }
        }
    }

    /** The corners that the files themselves give, which did not place the grid. */
    @ParameterizedTest
    @CsvSource({
        "T_PAAH21_C_EUOC_20180824200000.hdf,-10.434576838640398,31.746215319325056,0,2200",
        "T_PAAH21_C_EUOC_20180824200000.hdf,57.81196475014995,67.62103710275053,1900,0",
        "RAD_NL25_RAP_5min_201008260300.h5,0,49.362,0,765",
        "RAD_NL25_RAP_5min_201008260300.h5,10.856,55.389,700,0",
    })
    void placesTheGrid(String name, double longitude, double latitude, double column, double row)
            throws IOException {
        MapGrid map = decode(name).map().orElseThrow();

        MapPlane.Point point = MapPlane.of(map.projection()).point(longitude, latitude);

        assertThat(map.column(point.x())).isCloseTo(column, within(0.1));
        assertThat(map.row(point.y())).isCloseTo(row, within(0.1));
    }

    /** Beside the geotransform that expected.json states. */
    @Test
    void keepsTheGeoKeysOfATiff() throws IOException {
        MapGrid map = decode("201705091200_FINUTM.tif").map().orElseThrow();

        assertThat(map.west()).isCloseTo(-196593.0043142296, within(1e-6));
        assertThat(map.north()).isCloseTo(8084432.005259146, within(1e-6));
        assertThat(map.pixelWidth()).isCloseTo(250.00401887360616, within(1e-9));
        assertThat(map.pixelHeight()).isCloseTo(250.0139839309012, within(1e-9));
        // EPSG:3067 of Helsinki's cathedral, by PROJ: cs2cs EPSG:4326 EPSG:3067.
        MapPlane.Point helsinki = MapPlane.of(map.projection()).point(24.9521, 60.1702);
        assertThat(helsinki.x()).isCloseTo(386365, within(50.0));
        assertThat(helsinki.y()).isCloseTo(6672105, within(50.0));
    }

    /** The file's header says how many metres a pixel has; the corners must agree. */
    @Test
    void placesTheGridOfAPgmByItsCorners() throws IOException {
        MapGrid map =
                decode("201609281600_fmi.radar.composite.lowest_FIN_SUOMI1.pgm.gz")
                        .map()
                        .orElseThrow();

        assertThat(map.pixelWidth()).isCloseTo(999.674053, within(1e-5));
        assertThat(map.pixelHeight()).isCloseTo(999.62859, within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PrecipRate_00.00_20190610-000000.grib2",
                "raa01-ry_10000-1408102050-dwd---bin.gz",
                "DE1200_RV2210180700.tar.bz2"
            })
    void saysWhatToConvertTo(String name) {
        assertThatThrownBy(() -> decode(name))
                .isInstanceOf(UnsupportedBodyException.class)
                .hasMessageContaining("convert");
    }

    @Test
    void refusesPickledObjects() {
        assertThatThrownBy(() -> decode("rainfall_SE_2016_08.3.npz"))
                .isInstanceOf(CodecException.class);
    }

    private DecodedFrames decode(String name) throws IOException {
        byte[] content = Files.readAllBytes(FOLDER.resolve(name));
        return codec.decodeParts(List.of(new FramePart(name, content)), RULES);
    }

    /** What expected.json counts: the sum is that of the pixels with an echo. */
    private record Counts(int missing, int dry, double sum, float maximum) {

        static Counts of(FrameSequence frames) {
            int missing = 0;
            int dry = 0;
            double sum = 0;
            float maximum = Float.NEGATIVE_INFINITY;
            for (float value : frames.values()) {
                boolean noEcho = value == (frames.unit() == RainUnit.DBZ ? -32 : 0);
                missing += Float.isNaN(value) ? 1 : 0;
                dry += noEcho ? 1 : 0;
                sum += Float.isNaN(value) || noEcho ? 0 : value;
                maximum = Float.isNaN(value) ? maximum : Math.max(maximum, value);
            }
            return new Counts(missing, dry, sum, maximum);
        }
    }
}
