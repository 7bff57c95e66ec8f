package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import tools.jackson.databind.JsonNode;

/** A table of requests and credentials: the status that each pair must be answered with. */
final class AccessTable {

    private static final Body FRAMES = EncodedEvent.sample().npy("u8");

    private final List<String> credentials;
    private final List<String[]> rows;

    private AccessTable(List<String> credentials, List<String[]> rows) {
        this.credentials = credentials;
        this.rows = rows;
    }

    /** Reads a table: a line of headings, then lines of method, path and statuses. */
    static AccessTable of(String text) {
        List<String[]> lines =
                text.lines()
                        .filter(line -> !line.isBlank())
                        .map(line -> line.strip().split("\\s+"))
                        .toList();
        List<String> headings = Arrays.asList(lines.getFirst());
        return new AccessTable(
                headings.subList(2, headings.size()), lines.subList(1, lines.size()));
    }

    /**
     * Sends everything, and compares.
     *
     * @param headers of each credential: names and values in turn
     */
    void check(ServiceClient service, Map<String, List<String>> headers) {
        assertThat(headers.keySet()).containsAll(credentials);
        SoftAssertions all = new SoftAssertions();
        for (String[] row : rows) {
            for (int column = 0; column < credentials.size(); column++) {
                String credential = credentials.get(column);
                Answer answer =
                        send(
                                service,
                                row[0],
                                row[1],
                                headers.getOrDefault(credential, List.of()).toArray(String[]::new));
                all.assertThat(answer.status())
                        .as("%s %s with %s: %s", row[0], row[1], credential, shown(answer))
                        .isEqualTo(Integer.parseInt(row[column + 2]));
                checkRefusal(answer, row[1], all);
            }
        }
        all.assertAll();
    }

    private static String shown(Answer answer) {
        String text = answer.text();
        return text.substring(0, Math.min(200, text.length()));
    }

    private static Answer send(
            ServiceClient service, String method, String path, String... headers) {
        return switch (method) {
            case "GET" -> service.get(path, headers);
            case "POST" ->
                    path.startsWith("/forecast")
                            ? service.forecast("steps=1", FRAMES, headers)
                            : service.post(
                                    path, Body.of("application/json", new byte[] {'{'}), headers);
            default -> throw new IllegalArgumentException(method);
        };
    }

    private static void checkRefusal(Answer answer, String path, SoftAssertions all) {
        if (answer.status() != 401 && answer.status() != 403) {
            return;
        }
        if (answer.status() == 401 || !answer.header("WWW-Authenticate").isEmpty()) {
            all.assertThat(answer.header("WWW-Authenticate"))
                    .startsWith("Bearer realm=\"nowcast\"");
        }
        JsonNode problem = answer.json();
        if (path.startsWith("/v2")) {
            all.assertThat(problem.get("error").asString()).isNotBlank();
        } else {
            all.assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            all.assertThat(problem.get("type").asString())
                    .isEqualTo("urn:nowcast:problem:" + answer.status());
            all.assertThat(problem.get("requestId").asString())
                    .isEqualTo(answer.header("X-Request-Id"));
            all.assertThat(problem.get("instance").asString()).isEqualTo(path);
        }
    }
}
