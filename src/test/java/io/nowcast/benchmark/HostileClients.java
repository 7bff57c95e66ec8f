package io.nowcast.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends hostile requests and holds what comes back against what a refusal must be. Thread-safe:
 * clients take the next request from a counter; figures are behind this object's lock.
 */
final class HostileClients implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int COMPLAINTS_PRINTED = 60;

    private final URI service;
    private final List<HostileRequest> requests;
    private final AtomicInteger next = new AtomicInteger();
    private final JsonMapper json = JsonMapper.builder().build();
    private final Samples milliseconds = new Samples();
    private final Map<String, Map<String, Integer>> outcomes = new TreeMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private int wrong;
    private int refused;

    HostileClients(URI service, List<HostileRequest> requests) {
        this.service = service;
        this.requests = requests;
    }

    /** How many were sent, again ones included. */
    int sent() {
        return next.get();
    }

    synchronized int wrong() {
        return wrong;
    }

    /** How often one was put off by a 503 with Retry-After. */
    synchronized int refused() {
        return refused;
    }

    Samples milliseconds() {
        return milliseconds;
    }

    /** How often each status came, a kind of request each. */
    synchronized Map<String, Map<String, Integer>> outcomes() {
        return new TreeMap<>(outcomes);
    }

    /** Sends until told to stop, and until every request was sent once. */
    void sendUntil(long end) throws InterruptedException {
        for (int index = next.getAndIncrement();
                System.nanoTime() < end || index < requests.size();
                index = next.getAndIncrement()) {
            send(requests.get(index % requests.size()));
        }
        next.decrementAndGet();
    }

    /** Sends one; whether it was refused as it must be. */
    boolean send(HostileRequest request) throws InterruptedException {
        for (int attempt = 0; attempt < 20; attempt++) {
            long start = System.nanoTime();
            try {
                HttpRequest.Builder builder =
                        HttpRequest.newBuilder(service.resolve(request.target()))
                                .timeout(LONGEST)
                                .header("Content-Type", request.contentType())
                                .POST(HttpRequest.BodyPublishers.ofByteArray(request.body()));
                for (int index = 0; index < request.headers().size(); index += 2) {
                    builder.header(request.headers().get(index), request.headers().get(index + 1));
                }
                HttpResponse<byte[]> answer =
                        http.send(builder.build(), HttpResponse.BodyHandlers.ofByteArray());
                if (answer.statusCode() == 503
                        && answer.headers().firstValue("Retry-After").isPresent()) {
                    synchronized (this) {
                        refused++;
                    }
                    TimeUnit.MILLISECONDS.sleep(500);
                    continue;
                }
                milliseconds.add((System.nanoTime() - start) / 1e6);
                return note(
                        request, Integer.toString(answer.statusCode()), complaint(request, answer));
            } catch (IOException problem) {
                return note(request, "no answer", problem.toString());
            }
        }
        return note(request, "503", "refused 20 times");
    }

    private synchronized boolean note(HostileRequest request, String outcome, String complaint) {
        outcomes.computeIfAbsent(request.kind(), _ -> new TreeMap<>())
                .merge(outcome, 1, Integer::sum);
        if (!complaint.isEmpty() && wrong++ < COMPLAINTS_PRINTED) {
            System.out.println("WRONG  " + request + ": " + complaint);
        }
        return complaint.isEmpty();
    }

    /** What an answer to a hostile request lacks; empty where nothing. */
    private String complaint(HostileRequest request, HttpResponse<byte[]> answer) {
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        String start = answer.statusCode() + " " + text.substring(0, Math.min(300, text.length()));
        if (answer.statusCode() < 400 || answer.statusCode() > 499) {
            return start;
        }
        String type = answer.headers().firstValue("Content-Type").orElse("");
        try {
            JsonNode body = json.readTree(answer.body());
            if (request.isInference()) {
                return type.startsWith("application/json")
                                && body.path("error").asString("").length() > 10
                        ? ""
                        : type + " " + start;
            }
            boolean whole =
                    type.startsWith("application/problem+json")
                            && body.path("type")
                                    .asString("")
                                    .equals("urn:nowcast:problem:" + answer.statusCode())
                            && body.path("status").asInt(0) == answer.statusCode()
                            && body.path("detail").asString("").length() > 10
                            && !body.path("title").asString("").isBlank()
                            && !body.path("requestId").asString("").isBlank();
            return whole ? "" : type + " " + start;
        } catch (JacksonException problem) {
            return type + " " + start;
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
