package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.testing.NumpyFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/** A started service to whose clock every piece of an answer is taken in a minute. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "nowcast.devices=cpu",
            "nowcast.limits.upload-rate=1B",
            "nowcast.limits.download-grace=90s"
        })
@Import(SlowClock.class)
@ExtendWith(OutputCaptureExtension.class)
@Timeout(300)
class SlowDownloadTest {

    /** Twelve frames of 64x64 float32. */
    private static final int ANSWER = 12 * 64 * 64 * Float.BYTES;

    @LocalServerPort private int port;

    /** The answer is cut off and its connection ends, though the client would keep it. */
    @ParameterizedTest
    @ValueSource(strings = {"/forecast", "/v2/models/radar-convgru/infer"})
    void losesItsConnection(String path, CapturedOutput log) throws IOException {
        byte[] body = path.equals("/forecast") ? npy() : inference();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(
                            "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/%s\r\nContent-Length: %d\r\n\r\n"
                                    .formatted(
                                            path,
                                            path.equals("/forecast") ? "x-npy" : "json",
                                            body.length)
                                    .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            String answer = untilItEnds(socket.getInputStream());

            assertThat(answer).startsWith("HTTP/1.1 200");
            assertThat(answer.length()).isLessThan(ANSWER / 2);
        }
        assertThat(log).doesNotContain(" ERROR ", "Exception");
    }

    private static byte[] npy() {
        return NumpyFile.of(new float[5 * 64 * 64], 5, 64, 64).bytes();
    }

    private static byte[] inference() {
        String zeros = "0,".repeat(5 * 64 * 64 - 1) + "0";
        return """
        {"inputs":[{"name":"frames","datatype":"FP32","shape":[5,64,64],"data":[%s]}]}\
        """
                .formatted(zeros)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String untilItEnds(InputStream in) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            in.transferTo(answer);
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }
}
