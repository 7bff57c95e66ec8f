package io.nowcast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One rain field in five encodings gives the same rain rates. The files stand beside the project,
 * in the folder that the system property {@code nowcast.shared} names.
 */
class RadarFixturesTest {

    private static final Path FOLDER =
            Path.of(System.getProperty("nowcast.shared", "../shared"), "radar", "fixtures");
    private static final String SIZE = "_15x128x128";

    /** The README there: 255 no data, 0 dry, dBZ = v / 2 - 32; 16-bit PNG: 100 R, 65535 no data. */
    private static final DecodingRules RULES =
            new DecodingRules(
                    RainUnit.MILLIMETRES_PER_HOUR,
                    new PixelEncoding(RainUnit.DBZ, 0.5, -32, OptionalDouble.of(255)),
                    new PixelEncoding(
                            RainUnit.MILLIMETRES_PER_HOUR, 0.01, 0, OptionalDouble.of(65535)),
                    PixelEncoding.identity(RainUnit.MODEL),
                    OptionalDouble.empty());

    private final FrameCodec codec = new FrameCodec(new CodecLimits(1 << 26, 100, 1, 1 << 20, 100));

    @BeforeEach
    void requireFixtures() {
        assumeTrue(Files.isDirectory(FOLDER), "real radar frames are absent: " + FOLDER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fmi_20160928", "mch_20150515", "mrms_20190610_crop"})
    void allEncodingsGiveTheSameRain(String event) throws IOException {
        float[] exact = npy(event + SIZE + "_mmh_f32.npy").values();
        float[] halves = npy(event + SIZE + "_mmh_f16.npy").values();
        FrameSequence bytes = npy(event + SIZE + "_u8.npy");
        FrameSequence png8 = pngs(event + "_png8");
        FrameSequence png16 = pngs(event + "_png16");

        assertThat(exact).hasSize(15 * 128 * 128);
        assertThat(png8.values()).isEqualTo(bytes.values());
        assertThat(bytes.unit()).isEqualTo(RainUnit.DBZ);
        assertThat(png16.unit()).isEqualTo(RainUnit.MILLIMETRES_PER_HOUR);
        // float32 keeps 24 bits, float16 11, and the 16-bit PNG steps of 0.01 mm/h.
        assertSameRain(exact, bytes.values(), 1e-6, 0);
        assertSameRain(halves, bytes.values(), 0x1p-11, 0x1p-24);
        assertSameRain(png16.values(), bytes.values(), 1e-6, 0.005);
    }

    private static void assertSameRain(
            float[] actual, float[] dbz, double relative, double absolute) {
        assertThat(actual).hasSize(dbz.length);
        for (int i = 0; i < dbz.length; i++) {
            double rain = rainRate(dbz[i]);
            boolean same =
                    Double.isNaN(rain)
                            ? Float.isNaN(actual[i])
                            : Math.abs(actual[i] - rain) <= absolute + relative * rain;
            if (!same) { // An assertion a pixel would take a minute.
                fail("pixel %d: expected %s mm/h, got %s", i, rain, actual[i]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fmi_nodata"})
    void countsWhatIsMissing(String event) throws IOException {
        float[] values = npy(event + SIZE + "_u8.npy").values();

        int missing = 0;
        for (float value : values) {
            missing += Float.isNaN(value) ? 1 : 0;
        }
        // The README there: 20 % no data.
        assertThat(missing / (double) values.length).isCloseTo(0.2, within(0.01));
    }

    /** Z = 200 R^1.6; the lowest code, -32 dBZ, means dry. */
    private static double rainRate(float dbz) {
        return dbz == -32 ? 0 : Math.pow(Math.pow(10, dbz / 10) / 200, 1 / 1.6);
    }

    private FrameSequence npy(String name) throws IOException {
        byte[] body = Files.readAllBytes(FOLDER.resolve(name));
        return codec.decode(body, RULES).sequences().getFirst();
    }

    private FrameSequence pngs(String folder) throws IOException {
        List<FramePart> parts = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
            for (Path file : files.sorted().toList()) {
                parts.add(new FramePart(file.toString(), Files.readAllBytes(file)));
            }
        }
        return codec.decodeParts(parts, RULES).sequences().getFirst();
    }
}
