package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.testing.NumpyFile;
import io.nowcast.testing.ZipFile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The four formats of an answer, how a client chooses one, and the headers of each. */
class AnswerFormatsTest extends ServiceTest {

    private static final EncodedEvent SAMPLE = EncodedEvent.sample();
    private static final String TIME = "time=2016-09-28T15:55:00Z";

    private NumpyFile floats(String query) {
        return service().forecast(query, SAMPLE.npy("u8"), "Accept", "application/x-npy").array();
    }

    @Test
    void npzHoldsForecastAndTimes() {
        Map<String, byte[]> arrays =
                service().forecast("steps=2&format=npz&" + TIME, SAMPLE.npy("u8")).entries();

        assertThat(arrays.keySet())
                .containsExactlyInAnyOrder(
                        "forecast.npy",
                        "valid_times.npy",
                        "lead_minutes.npy",
                        "reference_time.npy");
        NumpyFile forecast = NumpyFile.parse(arrays.getOrDefault("forecast.npy", new byte[0]));
        NumpyFile expected = floats("steps=2");
        Fields.assertClose(forecast, expected, ROUNDING * Fields.range(expected));
    }

    @Test
    void pngsComeInTheEncodingOfTheInput() {
        Map<String, byte[]> files = service().forecast("steps=3", SAMPLE.zip("png8")).entries();
        NumpyFile dbz =
                service().forecast("steps=3&units=dBZ&format=npy", SAMPLE.zip("png8")).array();

        assertThat(files.keySet())
                .containsExactly("+005min.png", "+010min.png", "+015min.png", "metadata.json");
        assertThat(Pictures.bits(files.get("+005min.png"))).isEqualTo(8);
        int[] codes = Pictures.samples(files.get("+010min.png"));
        for (int i = 0; i < codes.length; i++) {
            // Codes are half a dBZ apart, so the nearest is at most a quarter off.
            assertThat(codes[i] * 0.5 - 32)
                    .isBetween(
                            dbz.values()[64 * 64 + i] - 0.2501, dbz.values()[64 * 64 + i] + 0.2501);
        }
        JsonNode metadata =
                JsonMapper.shared().readTree(files.getOrDefault("metadata.json", new byte[0]));
        assertThat(metadata.get("model").asString()).isEqualTo("radar-convgru");
        assertThat(metadata.get("units").asString()).isEqualTo("dBZ");
        assertThat(metadata.get("encoding").get("scale_factor").asDouble()).isEqualTo(0.5);
        assertThat(metadata.get("leadTimes").get(2).get("file").asString())
                .isEqualTo("+015min.png");
    }

    @Test
    void sixteenBitPngsStaySixteenBit() {
        Map<String, byte[]> files = service().forecast("steps=1", SAMPLE.zip("png16")).entries();

        assertThat(Pictures.bits(files.get("+005min.png"))).isEqualTo(16);
    }

    @Test
    void jsonHoldsStatisticsAndOnDemandValues() {
        JsonNode without =
                service().forecast("steps=2&format=json&" + TIME, SAMPLE.npy("u8")).json();
        JsonNode with =
                service()
                        .forecast(
                                "steps=2&values=true",
                                SAMPLE.npy("u8"),
                                "Accept",
                                "application/json")
                        .json();

        assertThat(without.has("values")).isFalse();
        assertThat(without.get("units").asString()).isEqualTo("mm/h");
        assertThat(without.get("interval").asString()).isEqualTo("PT5M");
        assertThat(without.get("referenceTime").asString()).isEqualTo("2016-09-28T15:55:00Z");
        assertThat(without.get("grid").get("height").asInt()).isEqualTo(64);
        JsonNode second = without.get("leadTimes").get(1);
        assertThat(second.get("leadMinutes").asInt()).isEqualTo(10);
        assertThat(second.get("validTime").asString()).isEqualTo("2016-09-28T16:05:00Z");
        NumpyFile expected = floats("steps=2");
        float[] values = new float[expected.values().length];
        int index = 0;
        for (JsonNode frame : with.get("values")) {
            for (JsonNode row : frame) {
                for (JsonNode value : row) {
                    values[index++] = value.floatValue();
                }
            }
        }
        Fields.assertClose(values, expected.values(), ROUNDING * Fields.range(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    application/x-npy                        |             | application/x-npy
                    application/x-npz                        |             | application/x-npz
                    application/zip                          |             | application/zip
                    application/json                         |             | application/json
                    application/octet-stream                 |             | application/x-npy
                    */*                                      |             | application/x-npy
                    application/*                            |             | application/x-npy
                    image/png, */*;q=0.1                     |             | application/x-npy
                    application/json;q=0.2, application/zip  |             | application/zip
                    image/gif                                | format=json | application/json
                    """)
    void acceptOrFormatChooses(String accept, String query, String expected) {
        Answer answer =
                service()
                        .forecast(
                                "steps=1&" + (query == null ? "values=false" : query),
                                SAMPLE.npy("u8"),
                                "Accept",
                                accept);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo(expected);
    }

    @Test
    void acceptMayComeInSeveralLines() {
        Answer answer =
                service()
                        .forecast(
                                "steps=1",
                                SAMPLE.npy("u8"),
                                "Accept",
                                "image/jpeg",
                                "Accept",
                                "application/json");

        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void withoutAWishTheAnswerIsOfTheKindThatCameIn() {
        Body npz = Body.of("application/x-npz", npz());

        assertThat(service().forecast("steps=1", npz).header("Content-Type"))
                .isEqualTo("application/x-npz");
        assertThat(service().forecast("steps=1", SAMPLE.multipart("png8")).header("Content-Type"))
                .isEqualTo("application/zip");
        assertThat(
                        service()
                                .forecast("steps=1", Body.of("application/octet-stream", npz()))
                                .header("Content-Type"))
                .isEqualTo("application/x-npz");
    }

    private static byte[] npz() {
        return ZipFile.deflated(Map.of("frames.npy", SAMPLE.npy("u8").bytes()));
    }

    @Test
    void headersTellModelTimesAndStages() {
        Answer answer =
                service().forecast("steps=2&" + TIME, SAMPLE.npy("u8"), "X-Request-Id", "storm-42");

        assertThat(answer.header("Nowcast-Model")).isEqualTo("radar-convgru");
        assertThat(answer.header("Nowcast-Model-Digest")).matches("[0-9a-f]{64}");
        assertThat(answer.header("Nowcast-Valid-Times"))
                .isEqualTo("2016-09-28T16:00:00Z, 2016-09-28T16:05:00Z");
        assertThat(answer.header("Server-Timing"))
                .matches(
                        "decode;dur=[0-9.]+, queue;dur=[0-9.]+, inference;dur=[0-9.]+, encode;dur=[0-9.]+");
        assertThat(answer.header("X-Request-Id")).isEqualTo("storm-42");
        assertThat(answer.header("Content-Length")).isEqualTo("" + answer.body().length);
    }

    @Test
    void anIndecentRequestIdIsReplaced() {
        List<String> indecent = List.of("two words", "<script>", "x".repeat(65));
        for (String id : indecent) {
            String given = service().get("/models", "X-Request-Id", id).header("X-Request-Id");

            assertThat(given).matches("[0-9a-f-]{36}");
        }
    }

    @Test
    void validTimesAreNotToldWhereNobodyKnowsThem() {
        assertThat(service().forecast("steps=1", SAMPLE.npy("u8")).header("Nowcast-Valid-Times"))
                .isEmpty();
    }
}
