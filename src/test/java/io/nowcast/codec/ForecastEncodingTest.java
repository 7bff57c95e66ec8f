package io.nowcast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.LeadTimes;
import io.nowcast.frames.MapGrid;
import io.nowcast.frames.MapProjection;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ForecastEncodingTest {

    private static final Instant NOON = Instant.parse("2016-09-28T12:00:00Z");
    private static final PixelEncoding HALVES =
            new PixelEncoding(RainUnit.MILLIMETRES_PER_HOUR, 0.5, -32, OptionalDouble.of(255));

    private final FrameCodec codec = new FrameCodec(Fixtures.LIMITS);

    @Test
    void writesTheBytesThatNumpyWrites() throws IOException {
        assertThat(encode(single(), FrameFormat.NPY))
                .isEqualTo(Fixtures.entry("encoded.zip", "forecast.npy"));
        assertThat(encode(batch(2), FrameFormat.NPY))
                .isEqualTo(Fixtures.entry("encoded.zip", "batch.npy"));
        assertThat(encode(batch(1), FrameFormat.NPY))
                .isEqualTo(Fixtures.entry("encoded.zip", "batch-of-one.npy"));
    }

    @Test
    void writesArraysLongerThanItsBuffer() throws IOException {
        GridShape grid = new GridShape(300, 700);
        float[] values = new float[2 * 300 * 700];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        FrameSequence sequence = new FrameSequence(2, grid, RainUnit.DBZ, values);
        byte[] npy = encode(document(List.of(sequence), false, 5), FrameFormat.NPY);

        CodecLimits limits = new CodecLimits(1 << 23, 2, 1, 1 << 20, 1);
        DecodedFrames back = new FrameCodec(limits).decode(npy, Fixtures.PLAIN);
        assertThat(back.sequences().getFirst().values()).isEqualTo(values);
    }

    @Test
    void writesAnArchiveOfArraysWithTheirTimes() throws IOException {
        Map<String, byte[]> entries = Fixtures.unzip(encode(single(), FrameFormat.NPZ));

        Map<String, byte[]> expected = Fixtures.entries("encoded.zip");
        assertThat(entries.keySet())
                .containsExactly(
                        "forecast.npy",
                        "lead_minutes.npy",
                        "valid_times.npy",
                        "reference_time.npy");
        entries.forEach(
                (name, content) -> assertThat(content).as(name).isEqualTo(expected.get(name)));
    }

    @Test
    void leavesTimesOutWhereTheyAreNotKnown() throws IOException {
        LeadTimes relative = new LeadTimes(Duration.ofMinutes(5), 2, Optional.empty());
        ForecastDocument document =
                new ForecastDocument(List.of(sequence()), false, relative, HALVES, 8, Map.of());

        assertThat(Fixtures.unzip(encode(document, FrameFormat.NPZ)).keySet())
                .containsExactly("forecast.npy", "lead_minutes.npy");
        assertThat(json(encode(document, FrameFormat.JSON)).at("/leadTimes/0").has("validTime"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"8,58,255", "16,58,255"})
    void writesPngsThatOthersRead(int bits, int firstPixel, int missing) throws IOException {
        ForecastDocument document =
                new ForecastDocument(
                        List.of(sequence()), false, single().leadTimes(), HALVES, bits, Map.of());

        Map<String, byte[]> entries = Fixtures.unzip(encode(document, FrameFormat.PNG_STACK));

        assertThat(entries.keySet()).containsExactly("+005min.png", "+010min.png", "metadata.json");
        BufferedImage image =
                ImageIO.read(new ByteArrayInputStream(Fixtures.required(entries, "+005min.png")));
        assertThat(image.getSampleModel().getSampleSize(0)).isEqualTo(bits);
        assertThat(image.getWidth()).isEqualTo(4);
        assertThat(image.getHeight()).isEqualTo(3);
        assertThat(image.getRaster().getSample(0, 0, 0)).isEqualTo(firstPixel);
        assertThat(image.getRaster().getSample(3, 0, 0)).isEqualTo(firstPixel + 3);
        assertThat(image.getRaster().getSample(1, 1, 0)).isEqualTo(missing);
    }

    @Test
    void readsItsOwnPngsBack() throws IOException {
        byte[] zip = encode(single(), FrameFormat.PNG_STACK);
        DecodingRules rules =
                new DecodingRules(RainUnit.DBZ, HALVES, HALVES, HALVES, OptionalDouble.empty());

        DecodedFrames back = codec.decode(zip, rules);

        assertThat(back.sequences().getFirst().values()).containsExactly(sequence().values());
        assertThat(zip).isEqualTo(encode(single(), FrameFormat.PNG_STACK));
    }

    @Test
    void namesPngsBySecondsAndFoldersWhereNeeded() throws IOException {
        LeadTimes leads = new LeadTimes(Duration.ofSeconds(150), 2, Optional.of(NOON));
        List<FrameSequence> two = List.of(sequence(), sequence());
        ForecastDocument document =
                new ForecastDocument(two, true, leads, HALVES, 8, Map.of("model", "fmi"));

        Map<String, byte[]> entries = Fixtures.unzip(encode(document, FrameFormat.PNG_STACK));

        assertThat(entries.keySet())
                .containsExactly(
                        "0/+0150s.png",
                        "0/+0300s.png",
                        "1/+0150s.png",
                        "1/+0300s.png",
                        "metadata.json");
        JsonNode metadata = json(Fixtures.required(entries, "metadata.json"));
        assertThat(metadata.at("/model").asString()).isEqualTo("fmi");
        assertThat(metadata.at("/batch").asInt()).isEqualTo(2);
        assertThat(metadata.at("/encoding/scale_factor").asDouble()).isEqualTo(0.5);
        assertThat(metadata.at("/encoding/fill_value").asDouble()).isEqualTo(255);
        assertThat(metadata.at("/leadTimes/0/file").asString()).isEqualTo("+0150s.png");
        assertThat(metadata.at("/leadTimes/0/leadMinutes").asDouble()).isEqualTo(2.5);
        assertThat(metadata.at("/leadTimes/1/leadMinutes").toString()).isEqualTo("5");
        assertThat(metadata.at("/leadTimes/1/validTime").asString())
                .isEqualTo("2016-09-28T12:05:00Z");
    }

    /** Told before the forecast is made; -9999 is what 16 bits without a sign cannot hold. */
    @Test
    void whatAForecastCannotBeWrittenAsIsKnownFromItsFrames() {
        PixelEncoding without = encoding(OptionalDouble.of(-9999));
        MapGrid nameless =
                new MapGrid(
                        new MapProjection.ProjString("+proj=moll +lon_0=0 +ellps=WGS84"),
                        MapGrid.Unit.METRE,
                        0,
                        0,
                        1000,
                        1000);

        assertThatThrownBy(() -> requireWritable(FrameFormat.PNG_STACK, without, 1, nameless))
                .isInstanceOf(UnusableFramesException.class)
                .hasMessageStartingWith(
                        "the last frame, and so its forecast, is missing at row 0, column 1,");
        assertThatThrownBy(() -> requireWritable(FrameFormat.GEOTIFF, without, 1, nameless))
                .isInstanceOf(UnusableFramesException.class)
                .hasMessageContaining("GeoTIFF has no keys for");
        // What is missing in an earlier frame is not missing in the forecast.
        requireWritable(FrameFormat.PNG_STACK, without, 0, nameless);
        requireWritable(FrameFormat.PNG_STACK, encoding(OptionalDouble.of(0)), 1, nameless);
        requireWritable(FrameFormat.NETCDF, without, 1, nameless);
    }

    private static PixelEncoding encoding(OptionalDouble fill) {
        return new PixelEncoding(RainUnit.MILLIMETRES_PER_HOUR, 1, 0, fill);
    }

    /** Two frames of 1x2, of which one misses its second pixel. */
    private static void requireWritable(
            FrameFormat format, PixelEncoding encoding, int incomplete, MapGrid map) {
        float[] values = new float[4];
        values[2 * incomplete + 1] = Float.NaN;
        DecodedFrames observed =
                new DecodedFrames(
                        List.of(
                                new FrameSequence(
                                        2,
                                        new GridShape(1, 2),
                                        RainUnit.MILLIMETRES_PER_HOUR,
                                        values)),
                        false,
                        FrameFormat.NPY,
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.of(map),
                        Optional.empty());
        FrameCodec.requireWritable(observed, format, encoding, 16);
    }

    @Test
    void missingPixelsNeedAFillValue() {
        PixelEncoding without = PixelEncoding.identity(RainUnit.MILLIMETRES_PER_HOUR);
        ForecastDocument document =
                new ForecastDocument(
                        List.of(sequence()), false, single().leadTimes(), without, 8, Map.of());
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThatThrownBy(() -> codec.encode(document, FrameFormat.PNG_STACK, false, out))
                .isInstanceOf(UnusableFramesException.class)
                .hasMessage(
                        "the forecast is missing at frame 0, row 1, column 1, and PNG pixels cannot say so: give a fill_value of 0 to 255 (got none)");
        assertThat(out.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "255,95.4,254",
        "255,95.9,254",
        "255,1000,254",
        "255,-1000,0",
        "0,-32,1",
        "0,-1000,1",
        "100,17.9,99",
        "100,18.0,101",
        "100,18.1,101",
        "-1,95.5,255"
    })
    void presentPixelsNeverBecomeTheFillValue(double fill, float value, int pixel) {
        PixelEncoding encoding = new PixelEncoding(RainUnit.DBZ, 0.5, -32, OptionalDouble.of(fill));

        assertThat(new PixelQuantiser(encoding, 8).quantise(value)).isEqualTo(pixel);
    }

    @Test
    void writesStatisticsAndValuesAsJson() throws IOException {
        JsonNode json = json(encode(single(), FrameFormat.JSON, true));

        assertThat(json.propertyNames())
                .containsExactly(
                        "model", "createdAt", "units", "grid", "steps", "leadTimes", "values");
        assertThat(json.at("/createdAt").asString()).isEqualTo(NOON.toString());
        assertThat(json.at("/units").asString()).isEqualTo("mm/h");
        assertThat(json.at("/grid/width").asInt()).isEqualTo(4);
        JsonNode first = json.at("/leadTimes/0");
        assertThat(first.at("/leadMinutes").asInt()).isEqualTo(5);
        assertThat(first.at("/validTime").asString()).isEqualTo("2016-09-28T12:05:00Z");
        assertThat(first.at("/statistics/minimum").asDouble()).isEqualTo(-3);
        assertThat(first.at("/statistics/maximum").asDouble()).isEqualTo(2.5);
        // -3, -2.5 ... 2.5 sum to -3; -0.5 is missing.
        assertThat(first.at("/statistics/mean").asDouble()).isEqualTo(-2.5 / 11);
        assertThat(first.at("/statistics/missing").asInt()).isEqualTo(1);
        assertThat(first.at("/statistics/wetFraction").asDouble()).isEqualTo(5 / 11.0);
        assertThat(json.at("/values/0/1/1").isNull()).isTrue();
        assertThat(json.at("/values/1/2/3").asDouble()).isEqualTo(8.5);
        assertThat(json.at("/values/1").size()).isEqualTo(3);
    }

    @Test
    void writesABatchAsForecasts() throws IOException {
        JsonNode json = json(encode(batch(2), FrameFormat.JSON));

        assertThat(json.at("/forecasts").size()).isEqualTo(2);
        assertThat(json.at("/forecasts/1/leadTimes").size()).isEqualTo(2);
        assertThat(json.at("/forecasts/1").has("values")).isFalse();
        assertThat(json.has("leadTimes")).isFalse();
    }

    @Test
    void aFrameWithoutDataHasNoStatistics() throws IOException {
        float[] missing = {Float.NaN, Float.NaN};
        FrameSequence empty = new FrameSequence(1, new GridShape(1, 2), RainUnit.DBZ, missing);
        LeadTimes leads = new LeadTimes(Duration.ofMinutes(5), 1, Optional.empty());
        ForecastDocument document =
                new ForecastDocument(List.of(empty), false, leads, HALVES, 8, Map.of());

        JsonNode statistics =
                json(encode(document, FrameFormat.JSON)).at("/leadTimes/0/statistics");

        assertThat(statistics.toString())
                .isEqualTo("{\"minimum\":null,\"maximum\":null,\"mean\":null,\"missing\":2}");
    }

    @Test
    void aBrokenConnectionStaysAnIoException() {
        OutputStream broken =
                new OutputStream() {
                    @Override
                    public void write(int oneByte) throws IOException {
                        throw new IOException("connection reset");
                    }
                };
        for (FrameFormat format : FrameFormat.values()) {
            assertThatThrownBy(() -> codec.encode(single(), format, true, broken))
                    .as("%s", format)
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("connection reset");
        }
    }

    private byte[] encode(ForecastDocument document, FrameFormat format) throws IOException {
        return encode(document, format, false);
    }

    private byte[] encode(ForecastDocument document, FrameFormat format, boolean values)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.encode(document, format, values, out);
        return out.toByteArray();
    }

    private static JsonNode json(byte[] bytes) {
        return JsonMapper.builder().build().readTree(bytes);
    }

    private static ForecastDocument single() {
        return document(List.of(sequence()), false, 5);
    }

    private static ForecastDocument batch(int size) {
        return document(Collections.nCopies(size, sequence()), true, 5);
    }

    private static ForecastDocument document(
            List<FrameSequence> sequences, boolean batched, int minutes) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("model", "fmi");
        metadata.put("createdAt", NOON);
        LeadTimes leads = new LeadTimes(Duration.ofMinutes(minutes), 2, Optional.of(NOON));
        return new ForecastDocument(sequences, batched, leads, HALVES, 8, metadata);
    }

    /** {@code n * 0.5 - 3} and a missing pixel, as make_fixtures.py states. */
    private static FrameSequence sequence() {
        float[] values = new float[24];
        for (int n = 0; n < values.length; n++) {
            values[n] = n == 5 ? Float.NaN : n * 0.5f - 3;
        }
        return new FrameSequence(2, new GridShape(3, 4), RainUnit.MILLIMETRES_PER_HOUR, values);
    }
}
