package io.nowcast.http;

import io.nowcast.testing.NumpyFile;
import io.nowcast.testing.ZipFile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** Frames as an NPY with times, in seconds since 1970, one interval apart. */
    static Body npz(byte[] frames, int length, long first, long interval) {
        ByteBuffer times = ByteBuffer.allocate(length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int frame = 0; frame < length; frame++) {
            times.putLong(first + frame * interval);
        }
        String header =
                "{'descr': '<i8', 'fortran_order': False, 'shape': (%d,), }".formatted(length);
        Map<String, byte[]> arrays = new LinkedHashMap<>();
        arrays.put("frames.npy", frames);
        arrays.put("times.npy", NumpyFile.file(header, times.array()));
        return new Body("application/x-npz", ZipFile.deflated(arrays));
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
