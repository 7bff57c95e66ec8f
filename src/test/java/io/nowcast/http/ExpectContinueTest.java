package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that ask before they send a body, as curl does with one of more than a megabyte. */
@Timeout(60)
class ExpectContinueTest extends ServiceTest {

    private static final String HEAD =
            "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n";

    /** The body never comes, so whoever waits for it does not answer. */
    @ParameterizedTest
    @CsvSource({
        "/forecast?model=none, application/x-npy, 9999, 404",
        "/models, application/x-npy, 9999, 405",
        "/forecast, application/x-npy, 9999999999, 413",
        "/forecast, multipart/form-data; boundary=b, 9999999999, 413",
        "/forecast, text/plain, 9999, 415",
        "/forecast?steps=few, application/x-npy, 9999, 422",
        "/v2/models/none/infer, application/json, 9999, 404"
    })
    void whatIsRefusedAnywayIsNotAskedFor(String target, String type, long length, int status) {
        assertThat(service().raw(HEAD.formatted(target, type, length)))
                .startsWith("HTTP/1.1 " + status)
                .contains("{\"");
    }

    @Test
    void whatIsLetInIsAskedFor() throws IOException {
        byte[] body = EncodedEvent.sample().npy("u8").bytes();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service().port())) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            out.write(
                    HEAD.formatted("/forecast?steps=1", "application/x-npy", body.length)
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(paragraph(in)).startsWith("HTTP/1.1 100");
            out.write(body);
            assertThat(paragraph(in)).startsWith("HTTP/1.1 200");
        }
    }

    /**
     * Its length is not announced, so that it is found too long only while it is sent, and it is
     * longer than what the buffers of a connection hold.
     */
    @Test
    void aBodyThatWasAskedForIsHeardOut() throws IOException {
        byte[] chunk = new byte[1 << 20];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service().port())) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    "POST /forecast HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(paragraph(socket.getInputStream())).startsWith("HTTP/1.1 100");
            for (int sent = 0; sent < 16 * BODY_LIMIT; sent += chunk.length) {
                out.write("100000\r\n".getBytes(StandardCharsets.US_ASCII));
                out.write(chunk);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(paragraph(socket.getInputStream())).startsWith("HTTP/1.1 413");
        }
    }

    /** Up to an empty line. */
    private static String paragraph(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            text.append((char) in.read());
        }
        return text.toString();
    }
}
