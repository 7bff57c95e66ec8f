package io.nowcast.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Posts forecast requests to a service on this machine. Thread-safe. */
final class ForecastClient implements RequestSender, AutoCloseable {

    private static final Duration LONGEST_REQUEST = Duration.ofMinutes(2);
    private static final Duration LONGEST_PAGE = Duration.ofSeconds(2);
    private static final Pattern STAGE = Pattern.compile("(\\w+);dur=([\\d.]+)");

    private final URI service;
    private final ExecutorService answers = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .executor(answers)
                    .build();

    /**
     * Connects to nothing yet.
     *
     * @throws IllegalArgumentException if the address is not a loopback address: load is for the
     *     machine that makes it
     */
    ForecastClient(URI service) throws IOException {
        if (!InetAddress.getByName(service.getHost()).isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "expected a service on a loopback address, got " + service);
        }
        this.service = service;
    }

    URI service() {
        return service;
    }

    HttpResponse<byte[]> post(PlannedRequest request) throws IOException, InterruptedException {
        return http.send(http(request), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Override
    public CompletableFuture<Reply> send(PlannedRequest request) {
        return http.sendAsync(http(request), HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(Reply::of);
    }

    private HttpRequest http(PlannedRequest request) {
        HttpRequest.Builder post =
                HttpRequest.newBuilder(service.resolve("/forecast?" + request.query()))
                        .timeout(LONGEST_REQUEST)
                        .header("Content-Type", request.format().mediaType())
                        .POST(HttpRequest.BodyPublishers.ofByteArray(request.body()));
        request.headers().forEach(post::header);
        return post.build();
    }

    /** Posts nothing to a path of the service; the status of the answer. */
    int command(String path) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(service.resolve(path))
                                .timeout(LONGEST_REQUEST)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** The body of a page of the service, or the empty text where there is none. */
    String page(String path) throws InterruptedException {
        try {
            HttpResponse<String> response =
                    http.send(
                            HttpRequest.newBuilder(service.resolve(path))
                                    .timeout(LONGEST_PAGE)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? response.body() : "";
        } catch (IOException _) {
            return "";
        }
    }

    /** Milliseconds that the service spent in a stage, by its {@code Server-Timing}. */
    static double stage(HttpResponse<byte[]> answer, String name) {
        Matcher stages = STAGE.matcher(answer.headers().firstValue("Server-Timing").orElse(""));
        while (stages.find()) {
            if (stages.group(1).equals(name)) {
                return Double.parseDouble(stages.group(2));
            }
        }
        throw new IllegalStateException("the answer has no Server-Timing for " + name);
    }

    @Override
    public void close() {
        http.close();
        answers.close();
    }
}
