package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.nowcast.testing.NumpyFile;
import io.nowcast.testing.PngFile;
import io.nowcast.testing.ZipFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Whatever is sent, the answer is a problem that helps, and the next good request is unharmed. */
class BadInputTest extends ServiceTest {

    private static final EncodedEvent SAMPLE = EncodedEvent.sample();
    private static final Body GOOD = SAMPLE.npy("u8");

    @ParameterizedTest(name = "{0}")
    @MethodSource({"bodies", "archives", "values", "queries"})
    void isAProblem(String what, int status, String detail, String query, Body body) {
        assertProblem(service().forecast(query, body), status, detail);
        assertUnharmed();
    }

    private static void assertProblem(Answer answer, int status, String detail) {
        assertThat(answer.text())
                .as("body")
                .startsWith("{")
                .doesNotContain("\\tat ", "io.nowcast.");
        JsonNode problem = answer.json();
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(problem.get("type").asString()).isEqualTo("urn:nowcast:problem:" + status);
        assertThat(problem.get("title").asString()).isNotBlank();
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("detail").asString()).contains(detail);
        assertThat(problem.get("instance").asString()).startsWith("/");
        assertThat(problem.get("requestId").asString())
                .isNotBlank()
                .isEqualTo(answer.header("X-Request-Id"));
    }

    private void assertUnharmed() {
        assertThat(service().forecast("steps=1", GOOD).array().shape()).containsExactly(1, 64, 64);
    }

    static Stream<Arguments> bodies() {
        byte[] npy = GOOD.bytes();
        byte[] text = "no radar here".getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                arguments("nothing", 400, "the body is empty", "", Body.npy(new byte[0])),
                arguments(
                        "a truncated NPY",
                        400,
                        "truncated at byte 10000",
                        "",
                        Body.npy(Arrays.copyOf(npy, 10_000))),
                arguments(
                        "an NPY without its header", 400, "", "", Body.npy(Arrays.copyOf(npy, 9))),
                arguments(
                        "100 GB promised",
                        413,
                        "the limit is",
                        "",
                        header("'<f4'", "(5, 70000, 72000)")),
                arguments(
                        "a shape beyond 2^63",
                        413,
                        "the limit is",
                        "",
                        header("'<f4'", "(5, 999999999999999999, 999999999999999999)")),
                arguments(
                        "a header that is no dict",
                        400,
                        "",
                        "",
                        Body.npy(NumpyFile.file("['descr', '<f4']", new byte[64]))),
                arguments(
                        "a dict without a shape",
                        400,
                        "shape",
                        "",
                        Body.npy(
                                NumpyFile.file(
                                        "{'descr': '<f4', 'fortran_order': False}", new byte[64]))),
                arguments("pickled objects", 422, "|O", "", header("'|O'", "(5, 64, 64)")),
                arguments(
                        "a type with its order behind it",
                        400,
                        "'f4<'",
                        "",
                        header("'f4<'", "(5, 64, 64)")),
                arguments("complex numbers", 422, "<c8", "", header("'<c8'", "(5, 64, 64)")),
                arguments(
                        "text",
                        400,
                        "expected an NPY array",
                        "",
                        Body.of("application/octet-stream", text)),
                arguments("text as text", 415, "text/plain", "", Body.of("text/plain", npy)),
                arguments(
                        "a form",
                        415,
                        "application/x-www-form-urlencoded",
                        "",
                        Body.of("application/x-www-form-urlencoded", npy)),
                arguments(
                        "no media type at all", 415, "Content-Type", "", Body.of("nonsense", npy)),
                arguments("a ZIP as NPY", 400, "", "", Body.npy(SAMPLE.zip("png8").bytes())),
                arguments("an NPY as ZIP", 400, "", "", Body.zip(npy)),
                arguments(
                        "a body over the limit",
                        413,
                        "nowcast.limits.body",
                        "",
                        Body.npy(new byte[BODY_LIMIT + 1])),
                arguments(
                        "a multipart body over the limit",
                        413,
                        "nowcast.limits.body",
                        "",
                        Body.multipart("frames", List.of(new byte[BODY_LIMIT + 1]))),
                arguments(
                        "too many parts",
                        413,
                        "nowcast.limits.entries",
                        "",
                        Body.multipart("frames", Collections.nCopies(81, new byte[1]))),
                arguments(
                        "too many frames",
                        413,
                        "the limit is 64",
                        "",
                        Body.multipart("frames", Collections.nCopies(65, Pictures.black(16, 16)))),
                arguments(
                        "parts of another name",
                        400,
                        "'images'",
                        "",
                        Body.multipart("images", SAMPLE.images("png8"))),
                arguments(
                        "a form field in place of a file",
                        400,
                        "'steps'",
                        "",
                        Body.of(
                                "multipart/form-data; boundary=b",
                                "--b\r\nContent-Disposition: form-data; name=\"steps\"\r\n\r\n3\r\n--b--\r\n"
                                        .getBytes(StandardCharsets.US_ASCII))),
                arguments("no parts", 422, "got none", "", Body.multipart("frames", List.of())),
                arguments(
                        "a multipart body without a boundary",
                        400,
                        "boundary",
                        "",
                        Body.of("multipart/form-data", npy)),
                arguments(
                        "an NPY among PNGs",
                        422,
                        "as the only part",
                        "",
                        Body.multipart("frames", List.of(npy, Pictures.black(64, 64)))));
    }

    private static Body header(String descr, String shape) {
        return Body.npy(
                NumpyFile.file(
                        "{'descr': %s, 'fortran_order': False, 'shape': %s, }"
                                .formatted(descr, shape),
                        new byte[1000]));
    }

    static Stream<Arguments> archives() {
        List<byte[]> images = new ArrayList<>(SAMPLE.images("png8"));
        images.set(3, Pictures.black(48, 64));
        return Stream.of(
                arguments("frames of two sizes", 422, "48", "", stack(images)),
                arguments(
                        "four frames",
                        422,
                        "needs 5 frames, got 4",
                        "",
                        stack(SAMPLE.images("png8").subList(0, 4))),
                arguments(
                        "a text called .png",
                        400,
                        "frame0.png",
                        "",
                        stack(List.of("no picture".getBytes(StandardCharsets.US_ASCII)))),
                arguments(
                        "30000x30000 pixels in a few KB",
                        413,
                        "900000000 pixels",
                        "",
                        stack(
                                Collections.nCopies(
                                        5, PngFile.promising(30_000, 30_000, 8, 0, 1 << 20)))),
                arguments(
                        "a ZIP bomb",
                        413,
                        "the limit is",
                        "",
                        Body.zip(ZipFile.deflated(Map.of("frames.npy", new byte[40_000_000])))),
                arguments(
                        "a way out of the ZIP",
                        400,
                        "../frame",
                        "",
                        Body.zip(
                                ZipFile.deflated(Map.of("../frame0.png", Pictures.black(64, 64))))),
                arguments(
                        "half a ZIP",
                        400,
                        "",
                        "",
                        Body.zip(Arrays.copyOf(SAMPLE.zip("png8").bytes(), 5000))),
                arguments("a ZIP without frames", 422, "", "", stack(List.of())));
    }

    private static Body stack(List<byte[]> images) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (byte[] image : images) {
            entries.put("frame%d.png".formatted(entries.size()), image);
        }
        return Body.zip(ZipFile.deflated(entries));
    }

    static Stream<Arguments> values() {
        return Stream.of(
                arguments("nothing but NaN", 422, "missing", "", rain(Float.NaN, 5, 64, 64)),
                arguments(
                        "an infinity",
                        422,
                        "frame 4, row 63, column 63 is Infinity",
                        "",
                        spoilt(Float.POSITIVE_INFINITY)),
                arguments("negative rain", 422, "-5.0 mm/h", "", spoilt(-5)),
                arguments("a grid of 1x1", 422, "at least 16 pixels", "", rain(1, 5, 1, 1)),
                arguments("a grid of 1x5000", 422, "1x5000", "", rain(1, 5, 1, 5000)),
                arguments("no pixels", 422, "no pixels", "", rain(0, 5, 0, 64)),
                arguments("one frame", 422, "expected shape", "", rain(1, 64, 64)),
                arguments("17 sequences", 413, "the limit is 16", "", rain(1, 17, 5, 1, 16, 16)));
    }

    private static Body rain(float value, int... shape) {
        float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.fill(values, value);
        return Body.npy(NumpyFile.of(values, shape).bytes());
    }

    private static Body spoilt(float value) {
        float[] values = EncodedEvent.rain().values().clone();
        values[values.length - 1] = value;
        return Body.npy(NumpyFile.of(values, 5, 64, 64).bytes());
    }

    static Stream<Arguments> queries() {
        return Stream.of(
                query("model=unknown", 404, "served: radar-convgru"),
                query("model=../radar-convgru", 404, "'../radar-convgru'"),
                query("units=inches", 422, "mm/h, mm, dBZ or model"),
                query("time=yesterday", 422, "ISO-8601 instant"),
                query("time=+12016-09-28T15:55:00Z", 422, "9999"),
                query("interval=5min", 422, "ISO-8601 duration"),
                query("interval=PT10M", 422, "PT5M"),
                query("steps=0", 422, "gives 1 to 24"),
                query("steps=1000", 422, "gives 1 to 24"),
                query("steps=-1", 422, "gives 1 to 24"),
                query("steps=abc", 422, "an integer"),
                query("steps=", 422, "no value"),
                query("steps=99999999999", 422, "an integer"),
                query("step=3", 422, "there is no parameter 'step'"),
                query("steps=3&steps=4", 422, "given 2 times"),
                query("scale_factor=0", 422, "any other number"),
                query("scale_factor=NaN", 422, "a finite number"),
                query("values=yes", 422, "true or false"),
                query("format=bmp", 422, "npy, npz, png, json"),
                query("timeout=PT0S", 422, "must be positive"),
                query("timeout=-PT5S", 422, "must be positive"),
                query("timeout=PT0.000001S", 504, "PT0.000001S"));
    }

    private static Arguments query(String query, int status, String detail) {
        return arguments(query, status, detail, query, GOOD);
    }

    @Test
    void aChunkedBodyOverTheLimit() {
        Answer answer = service().forecastChunked(Body.npy(new byte[BODY_LIMIT + 1]));

        assertProblem(answer, 413, "nowcast.limits.body");
        assertUnharmed();
    }

    @Test
    void aGoodChunkedBodyIsRead() {
        assertThat(service().forecastChunked(GOOD).array().shape()).containsExactly(12, 64, 64);
    }

    @Test
    void anAnswerThatTheClientDoesNotTake() {
        Answer forecast = service().forecast("", GOOD, "Accept", "image/jpeg");
        Answer models = service().get("/models", "Accept", "image/jpeg");

        assertProblem(forecast, 406, "application/x-npy");
        assertProblem(models, 406, "application/json");
    }

    @Test
    void aMethodOrPathThatIsNot() {
        assertProblem(service().get("/forecast"), 405, "supported: [POST]");
        assertThat(service().get("/forecast").header("Allow")).isEqualTo("POST");
        assertProblem(service().method("PUT", "/models"), 405, "PUT is not supported");
        assertProblem(service().get("/nothing"), 404, "/v3/api-docs");
        assertProblem(service().get("/nothing", "Accept", "text/html"), 404, "/v3/api-docs");
        assertProblem(service().get("/models/unknown"), 404, "served: radar-convgru");
        assertProblem(service().get("/error", "Accept", "text/html"), 404, "Not Found");
    }

    @Test
    void headAndOptionsAreAnswered() {
        Answer head = service().method("HEAD", "/models");
        Answer options = service().method("OPTIONS", "/forecast");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(options.status()).isEqualTo(200);
        assertThat(options.header("Allow")).contains("POST");
    }

    /** What Tomcat refuses before any servlet sees it is a problem as well, never HTML. */
    @ParameterizedTest
    @MethodSource("notHttp")
    void whatIsNoHttp(String request) {
        String answer = service().raw(request);

        assertThat(answer)
                .startsWith("HTTP/1.1 4")
                .containsIgnoringCase("Content-Type: application/problem+json")
                .containsIgnoringCase("X-Request-Id: ")
                .contains("urn:nowcast:problem:4")
                .doesNotContain("<html", "<!doctype", "Tomcat", "\tat ");
        assertUnharmed();
    }

    /** With a body that nobody reads, which is heard out once the problem was told. */
    @ParameterizedTest
    @CsvSource({
        "400, Host: a b",
        "417, Expect: 200-ok",
        "501, Transfer-Encoding: x",
        "400, Content-Length: x",
        "400, Content-Length: -1"
    })
    void whatIsNoHttpAndHasABody(int status, String header) {
        String host = header.startsWith("Host") ? "" : "Host: localhost\r\n";
        String length =
                header.contains("-Encoding") || header.contains("-Length")
                        ? ""
                        : "Content-Length: 5\r\n";
        String answer =
                service()
                        .raw(
                                "POST /forecast HTTP/1.1\r\n%s%s\r\nConnection: close\r\nContent-Type: application/x-npy\r\n%s\r\nabcde"
                                        .formatted(host, header, length));

        assertThat(answer)
                .startsWith("HTTP/1.1 " + status)
                .containsIgnoringCase("Content-Type: application/problem+json")
                .contains("urn:nowcast:problem:" + status)
                .doesNotContain("<html", "\tat ");
        assertUnharmed();
    }

    /** The container's name for such a path is none of a URI. */
    @Test
    void aPathOfTwoSlashesIsAProblem() {
        String answer =
                service().raw("GET // HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("urn:nowcast:problem:400");
    }

    /** Tomcat would close the connection, while a client may still send its body. */
    @Test
    void aQueryMayHaveCharactersThatAUriMayNot() {
        String request =
                """
                POST /forecast?steps=[1] HTTP/1.1
                Host: localhost
                Connection: close
                Content-Type: application/x-npy
                Content-Length: 0

                """;
        String answer = service().raw(request.replace("\n", "\r\n"));

        assertThat(answer)
                .startsWith("HTTP/1.1 422")
                .containsIgnoringCase("Content-Type: application/problem+json")
                .contains("steps", "[1]");
    }

    static Stream<String> notHttp() {
        String rest = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        return Stream.of(
                "GET /models/{y}" + rest,
                "GET /%zz" + rest,
                "GET /models/a%2fb" + rest,
                "TRACE /forecast" + rest);
    }
}
