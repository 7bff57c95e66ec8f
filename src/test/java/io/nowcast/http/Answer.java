package io.nowcast.http;

import io.nowcast.testing.NumpyFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the service answered. */
final class Answer {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpResponse<byte[]> response;

    Answer(HttpResponse<byte[]> response) {
        this.response = response;
    }

    int status() {
        return response.statusCode();
    }

    byte[] body() {
        return response.body();
    }

    String text() {
        return new String(body(), StandardCharsets.UTF_8);
    }

    /** The value of a header, empty where there is none. */
    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    JsonNode json() {
        return parse(body());
    }

    static JsonNode parse(byte[] json) {
        return JSON.readTree(json);
    }

    /** The forecast of an answer that must be a success. */
    NumpyFile array() {
        if (status() != 200) {
            throw new AssertionError("expected a forecast, got " + status() + ": " + text());
        }
        return NumpyFile.parse(body());
    }

    /** The entries of a ZIP or NPZ, in their order. */
    Map<String, byte[]> entries() {
        if (status() != 200) {
            throw new AssertionError("expected an archive, got " + status() + ": " + text());
        }
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(body()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return entries;
    }
}
