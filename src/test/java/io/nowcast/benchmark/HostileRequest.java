package io.nowcast.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A request that no service may answer with a forecast. Thread-safe; the body must not be changed.
 */
final class HostileRequest {

    private static final Path RADAR = Path.of("src/test/resources/radar");

    private final String name;
    private final String target;
    private final String contentType;
    private final List<String> headers;
    private final byte[] body;

    /**
     * What to send.
     *
     * @param name the kind, a colon, and what is wrong
     * @param target path and query
     * @param headers name and value in turn, beside the Content-Type
     */
    HostileRequest(
            String name, String target, String contentType, List<String> headers, byte[] body) {
        this.name = name;
        this.target = target;
        this.contentType = contentType;
        this.headers = List.copyOf(headers);
        this.body = body;
    }

    /** One that asks for one step and has no headers of its own. */
    static HostileRequest forecast(String name, String contentType, byte[] body) {
        return new HostileRequest(name, "/forecast?steps=1", contentType, List.of(), body);
    }

    /** A committed event of five frames of 64x64, which is good. */
    static byte[] radar(String name) {
        return read(RADAR.resolve("fmi_20160928_5x64x64_" + name));
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    String name() {
        return name;
    }

    String kind() {
        return name.substring(0, name.indexOf(':'));
    }

    String target() {
        return target;
    }

    String contentType() {
        return contentType;
    }

    List<String> headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }

    /** Whether errors have the body of the Open Inference Protocol. */
    boolean isInference() {
        return target.startsWith("/v2/");
    }

    /** The same for requests that are the same to the service. */
    String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(
                    String.join("\n", target, contentType, String.join("\n", headers))
                            .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
