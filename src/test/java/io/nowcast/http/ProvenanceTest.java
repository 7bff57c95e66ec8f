package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** Every forecast tells what it was made of and by: in JSON, in headers and in one line of log. */
@ExtendWith(OutputCaptureExtension.class)
class ProvenanceTest extends ServiceTest {

    private static final Body FRAMES = EncodedEvent.sample().npy("u8");

    private static String sha256(byte[]... pieces) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] piece : pieces) {
                digest.update(piece);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static List<String> lines(CapturedOutput output, String requestId) {
        return output.getAll()
                .lines()
                .filter(line -> line.contains("[" + requestId + "]"))
                .filter(line -> line.contains("Forecast model="))
                .toList();
    }

    @Test
    void jsonHeadersAndLogTellTheSame(CapturedOutput output) {
        Answer answer =
                service().forecast("steps=2&format=json", FRAMES, "X-Request-Id", "provenance-1");
        JsonNode model = service().get("/models/radar-convgru").json();
        JsonNode told = answer.json();
        String input = sha256(FRAMES.bytes());

        assertThat(told.get("modelDigest")).isEqualTo(model.get("digest"));
        assertThat(told.get("modelGeneration")).isEqualTo(model.get("generation"));
        assertThat(told.get("precision")).isEqualTo(model.get("precision"));
        assertThat(told.get("inputDigest").asString()).isEqualTo(input);
        assertThat(told.get("device").asString()).isEqualTo("cpu");
        assertThat(answer.header("Nowcast-Model")).isEqualTo("radar-convgru");
        assertThat(answer.header("Nowcast-Model-Digest")).isEqualTo(model.get("digest").asString());
        assertThat(answer.header("Nowcast-Model-Generation")).isEqualTo("1");
        assertThat(answer.header("Nowcast-Input-Digest")).isEqualTo(input);
        assertThat(answer.header("Nowcast-Precision")).isEqualTo("float32");
        assertThat(answer.header("Nowcast-Device")).isEqualTo("cpu");

        assertThat(lines(output, "provenance-1")).hasSize(1);
        assertThat(lines(output, "provenance-1").getFirst())
                .contains(
                        "INFO",
                        "modelDigest=" + model.get("digest").asString(),
                        "modelGeneration=1",
                        "inputDigest=" + input,
                        "precision=float32",
                        "device=cpu",
                        "grid=64x64",
                        "steps=2");
    }

    @Test
    void aCompressedBodyIsDigestedAsItWasSent() throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(sent)) {
            gzip.write(FRAMES.bytes());
        }
        Answer answer =
                service()
                        .forecast(
                                "steps=1",
                                Body.npy(sent.toByteArray()),
                                "Content-Encoding",
                                "gzip");

        assertThat(answer.header("Nowcast-Input-Digest")).isEqualTo(sha256(sent.toByteArray()));
    }

    @Test
    void ofPartsTheContentsAreDigestedInOrder() {
        List<byte[]> images = EncodedEvent.sample().images("png8");
        Answer answer = service().forecast("steps=1", Body.multipart("frames", images));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Nowcast-Input-Digest"))
                .isEqualTo(sha256(images.toArray(byte[][]::new)));
    }

    @Test
    void aRefusedRequestMakesNoLine(CapturedOutput output) {
        service().forecast("steps=0", FRAMES, "X-Request-Id", "provenance-2");

        assertThat(lines(output, "provenance-2")).isEmpty();
    }
}
