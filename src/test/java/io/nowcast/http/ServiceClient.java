package io.nowcast.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that sends exactly what it is told to. */
final class ServiceClient {

    /** Far more than a forecast takes; a test that needs it has failed. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final int port;

    ServiceClient(int port) {
        this.port = port;
    }

    int port() {
        return port;
    }

    /**
     * {@code POST /forecast}.
     *
     * @param query without the question mark, may be empty
     * @param headers names and values in turn
     */
    Answer forecast(String query, Body body, String... headers) {
        return send(
                request("/forecast" + (query.isEmpty() ? "" : "?" + query), headers)
                        .setHeader("Content-Type", body.contentType())
                        .POST(BodyPublishers.ofByteArray(body.bytes())));
    }

    /** {@code POST} to any path, with names and values of headers in turn. */
    Answer post(String path, Body body, String... headers) {
        return send(
                request(path, headers)
                        .setHeader("Content-Type", body.contentType())
                        .POST(BodyPublishers.ofByteArray(body.bytes())));
    }

    /** The same without a {@code Content-Length}. */
    Answer forecastChunked(Body body) {
        return send(
                request("/forecast")
                        .setHeader("Content-Type", body.contentType())
                        .POST(
                                BodyPublishers.ofInputStream(
                                        () -> new ByteArrayInputStream(body.bytes()))));
    }

    Answer get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    Answer method(String method, String path) {
        return send(request(path).method(method, BodyPublishers.noBody()));
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                        .timeout(PATIENCE);
        return headers.length == 0 ? request : request.headers(headers);
    }

    private static Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        } catch (InterruptedException problem) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(problem);
        }
    }

    /** Sends what no proper client would, and returns all that comes back until the end. */
    String raw(String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
