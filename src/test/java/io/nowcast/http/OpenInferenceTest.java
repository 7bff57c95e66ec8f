package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.testing.NumpyFile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * A client of the Open Inference Protocol, version 2, written from the protocol's text: the numbers
 * are those of {@code POST /forecast}.
 */
class OpenInferenceTest extends ServiceTest {

    private static final String MODEL = "/v2/models/radar-convgru";
    private static final String HEADER_LENGTH = "Inference-Header-Content-Length";

    private static String shape(NumpyFile array) {
        return Arrays.toString(array.shape());
    }

    private static String numbers(NumpyFile array) {
        StringBuilder text = new StringBuilder("[");
        for (int index = 0; index < array.values().length; index++) {
            float value = array.values()[index];
            text.append(index == 0 ? "" : ",").append(Float.isNaN(value) ? "null" : value);
        }
        return text.append(']').toString();
    }

    private static String request(NumpyFile frames, String extra) {
        return """
        {"id": "storm-42", "parameters": {"steps": 3},
         "inputs": [{"name": "frames", "shape": %s, "datatype": "FP32", "data": %s}]%s}
        """
                .formatted(shape(frames), numbers(frames), extra);
    }

    private Answer infer(String json) {
        return service()
                .post(
                        MODEL + "/infer",
                        Body.of("application/json", json.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({
        "product, accumulation",
        "format, json",
        "values, true",
        "at, '24.9,60.1'",
        "box, '24,60,25,61'",
        "polygon, x"
    })
    void parametersOfOtherAnswersAreRefused(String name, String value) {
        String asked = "\"steps\": 3, \"%s\": \"%s\"".formatted(name, value);
        NumpyFile frames = EncodedEvent.rain();
        Answer answer = infer(request(frames, "").replace("\"steps\": 3", asked));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("error").asString()).contains("'" + name + "'");
    }

    private Answer inferBinary(String json, byte[] data) {
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(header);
        body.writeBytes(data);
        return service()
                .post(
                        MODEL + "/infer",
                        Body.of("application/octet-stream", body.toByteArray()),
                        HEADER_LENGTH,
                        Integer.toString(header.length));
    }

    private static byte[] littleEndian(NumpyFile array) {
        ByteBuffer bytes =
                ByteBuffer.allocate(array.values().length * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(array.values());
        return bytes.array();
    }

    private NumpyFile byForecast(String query, Body body) {
        return service().forecast(query, body, "Accept", "application/x-npy").array();
    }

    private static void assertSame(NumpyFile expected, JsonNode data) {
        assertThat(data.size()).isEqualTo(expected.values().length);
        for (int index = 0; index < data.size(); index++) {
            float value = expected.values()[index];
            if (Float.isNaN(value)) {
                assertThat(data.get(index).isNull()).isTrue();
            } else {
                assertThat(data.get(index).floatValue()).isEqualTo(value);
            }
        }
    }

    @Test
    void theServerTellsOfItself() {
        assertThat(service().get("/v2").json().get("name").asString()).isEqualTo("nowcast");
        assertThat(service().get("/v2").json().get("version").asString()).isNotEmpty();
        assertThat(service().get("/v2").json().get("extensions").get(0).asString())
                .isEqualTo("binary_tensor_data");
        assertThat(service().get("/v2/health/live").json().get("live").asBoolean()).isTrue();
        assertThat(service().get("/v2/health/ready").json().get("ready").asBoolean()).isTrue();
        assertThat(service().get(MODEL + "/ready").status()).isEqualTo(200);
        assertThat(service().get(MODEL + "/versions/1/ready").json().get("ready").asBoolean())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {MODEL, MODEL + "/versions/1"})
    void theModelTellsOfItsTensors(String path) {
        JsonNode model = service().get(path).json();

        assertThat(model.get("name").asString()).isEqualTo("radar-convgru");
        assertThat(model.get("versions").get(0).asString()).isEqualTo("1");
        assertThat(model.get("platform").asString()).isNotEmpty();
        assertThat(model.at("/inputs/0/name").asString()).isEqualTo("frames");
        assertThat(model.at("/inputs/0/datatype").asString()).isEqualTo("FP32");
        assertThat(model.at("/inputs/0/shape").toString()).isEqualTo("[-1,5,1,-1,-1]");
        assertThat(model.at("/outputs/0/name").asString()).isEqualTo("forecast");
        assertThat(model.at("/outputs/0/shape").toString()).isEqualTo("[-1,12,-1,-1]");
    }

    @Test
    void jsonGivesTheNumbersOfForecast() {
        NumpyFile frames = EncodedEvent.rain();
        NumpyFile expected = byForecast("steps=3", EncodedEvent.sample().npy("mmh_f32"));

        Answer answer = infer(request(frames, ""));

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode json = answer.json();
        assertThat(json.get("id").asString()).isEqualTo("storm-42");
        assertThat(json.get("model_name").asString()).isEqualTo("radar-convgru");
        assertThat(json.at("/outputs/0/name").asString()).isEqualTo("forecast");
        assertThat(json.at("/outputs/0/datatype").asString()).isEqualTo("FP32");
        assertThat(json.at("/outputs/0/shape").toString()).isEqualTo("[3,64,64]");
        assertSame(expected, json.at("/outputs/0/data"));
    }

    @Test
    void textBehindTheRequestAndSidesThatAreNoIntegersAreRefused() {
        String good = request(EncodedEvent.rain(), "");

        for (String more : new String[] {good, "x", "]", "}"}) {
            Answer answer = infer(good + more);
            assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        }
        Answer halfSide = infer(good.replace("64, 64]", "64.5, 64]"));
        assertThat(halfSide.status()).as(halfSide.text()).isEqualTo(400);
        assertThat(halfSide.json().get("error").asString()).contains("shape");
    }

    @Test
    void binaryGivesTheBytesOfForecast() {
        NumpyFile frames = EncodedEvent.rain();
        NumpyFile expected = byForecast("steps=3", EncodedEvent.sample().npy("mmh_f32"));
        byte[] data = littleEndian(frames);

        Answer answer =
                inferBinary(
                        """
                        {"parameters": {"steps": 3, "binary_data_output": true},
                         "inputs": [{"name": "frames", "shape": %s, "datatype": "FP32",
                                     "parameters": {"binary_data_size": %d}}]}\
                        """
                                .formatted(shape(frames), data.length),
                        data);

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/octet-stream");
        int split = Integer.parseInt(answer.header(HEADER_LENGTH));
        JsonNode json = Answer.parse(Arrays.copyOf(answer.body(), split));
        assertThat(json.at("/outputs/0/data").isMissingNode()).isTrue();
        assertThat(json.at("/outputs/0/parameters/binary_data_size").asInt())
                .isEqualTo(answer.body().length - split);
        assertThat(Arrays.copyOfRange(answer.body(), split, answer.body().length))
                .isEqualTo(littleEndian(expected));
    }

    /** Each side chooses by itself; an output may be asked for by name. */
    @Test
    void jsonInAndBinaryOut() {
        Answer answer =
                infer(
                        request(
                                EncodedEvent.rain(),
                                ", \"outputs\": [{\"name\": \"forecast\", \"parameters\": {\"binary_data\": true}}]"));

        int split = Integer.parseInt(answer.header(HEADER_LENGTH));
        assertThat(answer.body().length - split).isEqualTo(3 * 64 * 64 * Float.BYTES);
    }

    /** Integers come by the model's encoding, as in NPY. */
    @Test
    void integersAreDecodedAsInForecast() {
        Body npy = EncodedEvent.sample().npy("u8");
        NumpyFile expected = byForecast("steps=1&units=dBZ", npy);
        int length = 5 * 64 * 64;
        byte[] data =
                Arrays.copyOfRange(npy.bytes(), npy.bytes().length - length, npy.bytes().length);

        Answer answer =
                inferBinary(
                        """
                        {"parameters": {"steps": 1, "units": "dBZ"},
                         "inputs": [{"name": "frames", "shape": [5, 64, 64], "datatype": "UINT8",
                                     "parameters": {"binary_data_size": %d}}]}\
                        """
                                .formatted(data.length),
                        data);

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertSame(expected, answer.json().at("/outputs/0/data"));
    }

    @Test
    void missingIsNullAndNestedDataAreFlattened() {
        StringBuilder frame = new StringBuilder("[");
        for (int row = 0; row < 16; row++) {
            frame.append(row == 0 ? "" : ",").append("[null").append(",1.5".repeat(15)).append(']');
        }
        String frames =
                String.join(
                        ",",
                        List.of(frame + "]", frame + "]", frame + "]", frame + "]", frame + "]"));

        Answer answer =
                infer(
                        """
                        {"inputs": [{"data": [[%s]], "datatype": "FP64", "shape": [1, 5, 1, 16, 16], "name": "frames"}]}
                        """
                                .formatted(frames));

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().at("/outputs/0/shape").toString()).isEqualTo("[1,12,16,16]");
        assertThat(answer.json().at("/outputs/0/data/0").isNull()).isTrue();
        assertThat(answer.json().at("/outputs/0/data/1").isNumber()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                                                          | is not JSON",
                "[1]                                                                        | must be an object",
                "{} | expected one input, 'frames', got 0",
                "{\"inputs\": [{\"name\": \"x\"}]}                                          | only 'frames'",
                "{\"inputs\": [{\"name\":\"frames\",\"datatype\":\"BF16\",\"shape\":[1],\"data\":[1]}]}   | datatype is 'BF16'",
                "{\"inputs\": [{\"name\":\"frames\",\"datatype\":\"FP32\",\"shape\":[1,2],\"data\":[1]}]} | 2 elements, data has 1",
                "{\"inputs\": [{\"name\":\"frames\",\"datatype\":\"FP32\",\"shape\":[-1],\"data\":[]}]}   | a side of -1",
                "{\"inputs\": [{\"name\":\"frames\",\"datatype\":\"UINT8\",\"shape\":[1],\"data\":[256]}]}| UINT8 cannot hold",
                "{\"inputs\": [{\"name\":\"frames\",\"datatype\":\"INT8\",\"shape\":[1],\"data\":[null]}]}| INT8 cannot hold",
                "{\"inputs\": [{\"name\":\"frames\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[\"a\"]}]}| expected numbers",
                "{\"inputs\": [{\"name\":\"frames\",\"datatype\":\"FP32\",\"shape\":[1]}]}                | either data or",
                "{\"inputs\": [{\"name\":\"frames\",\"datatype\":\"FP32\",\"shape\":\"all\"}]}            | must be an array",
                "{\"inputs\": [{\"name\":\"frames\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[1]}], \"outputs\": [{\"name\":\"y\"}]} | only 'forecast'",
            })
    void whatIsWrongIsSaid(String json, String reason) {
        Answer answer = infer(json);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.json().propertyNames()).containsExactly("error");
        assertThat(answer.json().get("error").asString()).contains(reason);
    }

    @Test
    void whatTheForecastRefusesIsRefusedAlike() {
        String twoSides =
                "{\"inputs\": [{\"name\":\"frames\",\"datatype\":\"FP32\",\"shape\":[1,1],\"data\":[1]}]}";
        String noSteps = request(EncodedEvent.rain(), "").replace("\"steps\": 3", "\"steps\": 99");
        String noParameter =
                request(EncodedEvent.rain(), "").replace("\"steps\": 3", "\"stpes\": 3");

        assertThat(infer(twoSides).status()).isEqualTo(422);
        assertThat(infer(noSteps).json().get("error").asString()).contains("steps is 99");
        assertThat(infer(noParameter).json().get("error").asString()).contains("stpes");
        assertThat(service().get("/v2/models/none").status()).isEqualTo(404);
        assertThat(service().get("/v2/models/none/ready").json().get("error").asString())
                .contains("'none' is not known");
        assertThat(service().get(MODEL + "/versions/2").json().get("error").asString())
                .contains("no version '2'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "99999999", "all"})
    void aLengthOutsideOfTheBodyIsRefused(String length) {
        Answer answer =
                service()
                        .post(
                                MODEL + "/infer",
                                Body.of("application/octet-stream", new byte[] {'{', '}'}),
                                HEADER_LENGTH,
                                length);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("error").asString()).contains(HEADER_LENGTH);
    }

    @Test
    void bytesThatAreNotThereAreMissed() {
        Answer answer =
                inferBinary(
                        """
                        {"inputs": [{"name": "frames", "shape": [5, 64, 64], "datatype": "FP32",
                                     "parameters": {"binary_data_size": 81920}}]}\
                        """,
                        new byte[81919]);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("error").asString())
                .contains("binary_data_size is 81920, 81919 bytes follow");
    }
}
