package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Bodies that are compressed as a whole, and what a request may have beside its frames. */
@ExtendWith(OutputCaptureExtension.class)
class RequestLimitsTest extends ServiceTest {

    private static final Body GOOD = EncodedEvent.sample().npy("u8");

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return out.toByteArray();
    }

    private static void assertRefused(Answer answer, int status, String detail) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().get("detail").asString()).contains(detail);
    }

    @Test
    void aCompressedBodyGivesTheSameForecast() {
        byte[] plain = service().forecast("steps=1", GOOD).array().bytes();
        Body compressed = Body.npy(gzip(GOOD.bytes()));

        for (String coding : new String[] {"gzip", "x-gzip", "GZIP"}) {
            assertThat(
                            service()
                                    .forecast("steps=1", compressed, "Content-Encoding", coding)
                                    .array()
                                    .bytes())
                    .isEqualTo(plain);
        }
        assertThat(
                        service()
                                .forecast("steps=1", GOOD, "Content-Encoding", "identity")
                                .array()
                                .bytes())
                .isEqualTo(plain);
    }

    @Test
    void aBodyThatExpandsBeyondTheLimitIsRefused() {
        // 33 000 000 zeros are 32 kB of gzip; the limit of the test's service is 32 MB.
        Body bomb = Body.npy(gzip(new byte[34_000_000]));
        assertThat(bomb.bytes().length).isLessThan(BODY_LIMIT / 10);

        assertRefused(
                service().forecast("", bomb, "Content-Encoding", "gzip"),
                413,
                "nowcast.limits.expanded");
    }

    @Test
    void whatIsNoGzipOrAnotherCodingIsRefused() {
        assertRefused(
                service().forecast("", GOOD, "Content-Encoding", "gzip"),
                400,
                "Content-Encoding is gzip");
        byte[] whole = gzip(GOOD.bytes());
        assertRefused(
                service()
                        .forecast(
                                "",
                                Body.npy(Arrays.copyOf(whole, whole.length / 2)),
                                "Content-Encoding",
                                "gzip"),
                400,
                "Content-Encoding is gzip");
        assertRefused(
                service().forecast("", Body.npy(gzip(new byte[0])), "Content-Encoding", "gzip"),
                400,
                "empty");
        assertRefused(
                service().forecast("", GOOD, "Content-Encoding", "br"), 415, "Content-Encoding");
        assertRefused(
                service().forecast("", GOOD, "Content-Encoding", "gzip, gzip"),
                415,
                "Content-Encoding");
        assertRefused(
                service()
                        .forecast(
                                "",
                                Body.multipart("frames", EncodedEvent.sample().images("png8")),
                                "Content-Encoding",
                                "gzip"),
                415,
                "multipart");
    }

    @Test
    void jsonIsNotNestedWithoutEnd() {
        String nested = "{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        Answer answer =
                service()
                        .post(
                                "/v2/models/radar-convgru/infer",
                                Body.of(
                                        "application/json",
                                        nested.getBytes(StandardCharsets.US_ASCII)));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().get("error").asString()).contains("nowcast.limits.json-depth");
    }

    @Test
    void headersAreBounded() {
        String answer =
                service()
                        .raw(
                                "GET /models HTTP/1.1\r\nHost: localhost\r\nX-Long: %s\r\n\r\n"
                                        .formatted("x".repeat(20_000)));

        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("16384 bytes (server.max-http-request-header-size)");
        String many =
                service()
                        .raw(
                                "GET /models HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
                                        .formatted("a: b\r\n".repeat(101)));
        assertThat(many).startsWith("HTTP/1.1 400").contains("100 headers");
    }

    /** The rest of what Tomcat refused within its headers is no failure of the service. */
    @Test
    void aLongBodyBehindRefusedHeadersIsNoError(CapturedOutput log) {
        String answer =
                service()
                        .raw(
                                "POST /forecast HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n(X): a\r\n\r\n"
                                        + "x".repeat(60_000));

        assertThat(answer).startsWith("HTTP/1.1 400").contains("urn:nowcast:problem:400");
        assertThat(log).doesNotContain("Error processing request", "IllegalArgumentException");
    }

    /** Nor are two lengths, of which nobody knows which counts. */
    @Test
    void twoLengthsAreNoError(CapturedOutput log) {
        String answer =
                service()
                        .raw(
                                "POST /forecast HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("urn:nowcast:problem:400");
        assertThat(log).doesNotContain("Error processing request", "IllegalArgumentException");
    }

    /** The meters' own query is the only one that Tomcat takes apart. */
    @Test
    void aQueryThatIsBadlyEncodedIsRefused(CapturedOutput log) {
        String answer =
                service()
                        .raw(
                                "GET /actuator/prometheus?name=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("percent-encoded");
        assertThat(log).doesNotContain("A request failed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ffffffffffffffff\r\nabc",
                "-1\r\nabc\r\n0\r\n\r\n",
                "3\r\nabc0\r\n\r\n",
                "3\r\nabc\r\n0\r\nno trailer\r\n\r\n"
            })
    void chunksThatAreNoneAreNamed(String chunks) {
        String answer =
                service()
                        .raw(
                                "POST /forecast HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-npy\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        + chunks);

        assertThat(answer).startsWith("HTTP/1.1 400").contains("its chunks or trailers");
    }

    @Test
    void headersOfAPartAreBounded() {
        String part =
                "--b\r\nContent-Disposition: form-data; name=\"frames\"; filename=\"%s\"\r\n\r\nx\r\n--b--\r\n"
                        .formatted("n".repeat(600));
        Body body =
                Body.of(
                        "multipart/form-data; boundary=b",
                        part.getBytes(StandardCharsets.US_ASCII));

        assertRefused(
                service().forecast("", body),
                413,
                "512 bytes (server.tomcat.max-part-header-size)");
    }

    @Test
    void whatIsNotThereIsNamedAsItWasAsked() {
        assertRefused(
                service().get("/models/radar-convgru/"),
                404,
                "nothing at '/models/radar-convgru/'");
    }
}
