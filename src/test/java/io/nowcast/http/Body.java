package io.nowcast.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a client sends. */
final class Body {

    private static final String BOUNDARY = "frames-follow";

    private final String contentType;
    private final byte[] bytes;

    private Body(String contentType, byte[] bytes) {
        this.contentType = contentType;
        this.bytes = bytes;
    }

    static Body of(String contentType, byte[] bytes) {
        return new Body(contentType, bytes);
    }

    static Body npy(byte[] bytes) {
        return new Body("application/x-npy", bytes);
    }

    static Body zip(byte[] bytes) {
        return new Body("application/zip", bytes);
    }

    /** Parts of one name, as files that are numbered from 0. */
    static Body multipart(String name, List<byte[]> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int index = 0; index < parts.size(); index++) {
            out.writeBytes(
                    ascii(
                            """
                            --%s\r
                            Content-Disposition: form-data; name="%s"; filename="%d"\r
                            \r
                            """
                                    .formatted(BOUNDARY, name, index)));
            out.writeBytes(parts.get(index));
            out.writeBytes(ascii("\r\n"));
        }
        out.writeBytes(ascii("--" + BOUNDARY + "--\r\n"));
        return new Body("multipart/form-data; boundary=" + BOUNDARY, out.toByteArray());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    String contentType() {
        return contentType;
    }

    byte[] bytes() {
        return bytes;
    }
}
