package io.nowcast.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * The alerts of the chart as text. What makes them fire is run by {@code docker/prometheus/alerts},
 * which needs Prometheus' promtool.
 */
class ChartAlertsTest {

    private static List<JsonNode> alerts(String... settings) {
        return Chart.document(
                        Chart.documents(Chart.render("autoscaled", settings)), "PrometheusRule", "")
                .at("/spec/groups/0/rules")
                .valueStream()
                .toList();
    }

    private static JsonNode alert(String name, String... settings) {
        return alerts(settings).stream()
                .filter(alert -> alert.get("alert").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Who is woken finds what to do, and a test of when it fires. */
    @Test
    void eachAlertIsExplainedAndTried() throws IOException {
        String explained = Files.readString(Path.of("docs", "operations.md"));
        String tried = Files.readString(Path.of("docker", "prometheus", "alerts.yaml"));

        assertThat(alerts())
                .extracting(alert -> alert.get("alert").asString())
                .hasSizeGreaterThan(8)
                .allSatisfy(name -> {
                    assertThat(explained).contains("\n| " + name + " | ");
                    assertThat(tried).contains("alertname: " + name);
                });
    }

    /** Alertmanager leads alerts to whom a namespace belongs. */
    @Test
    void eachAlertSaysWhoseItIs() {
        assertThat(alerts())
                .extracting(alert -> alert.get("expr").asString())
                .allSatisfy(expression ->
                        assertThat(expression).containsPattern("by \\(namespace|^absent\\("));
    }

    @Test
    void eachAlertLeadsToItsRunbook() {
        String address = "https://wiki.example/nowcast#alerts";

        assertThat(alerts("prometheusRule.runbook=" + address))
                .allSatisfy(alert ->
                        assertThat(alert.at("/annotations/runbook_url").asString())
                                .isEqualTo(address));
        assertThat(alerts()).noneMatch(alert -> alert.at("/annotations").has("runbook_url"));
    }

    /** A shorter range has gaps between bursts, in which an alert that is pending begins anew. */
    @Test
    void ratesLookAsFarBackAsRequestsHaveToBeBad() {
        for (String name : List.of("NowcastSlow", "NowcastErrors")) {
            JsonNode alert = alert(name, "prometheusRule.window=20m");

            assertThat(alert.get("for").asString()).isEqualTo("20m");
            Matcher range = Pattern.compile("\\[(\\w+)]").matcher(alert.get("expr").asString());
            assertThat(range.results().map(found -> found.group(1)))
                    .isNotEmpty()
                    .containsOnly("20m");
        }
    }

    /** Pods' names as Kubernetes makes them: 58 characters of what comes before the last part. */
    @ParameterizedTest
    @CsvSource({
        "nowcast",
        "nowcast-of-the-northern-region",
        "nowcast-of-the-northern-region-and-all-its-islands"
    })
    void theMemoryOfAPodWithALongNameIsSeen(String name) {
        Matcher pods =
                Pattern.compile("pod=~\"([^\"]+)\"")
                        .matcher(
                                alert("NowcastMemory", "fullnameOverride=" + name)
                                        .get("expr")
                                        .asString());
        String replicas = name + "-5d4f8c7b9b-";
        String pod = replicas.substring(0, Math.min(58, replicas.length())) + "x2k4p";

        assertThat(pods.find()).isTrue();
        assertThat(pod).matches(pods.group(1));
        assertThat(name + "-south-5d4f8c7b9b-x2k4p").doesNotMatch(pods.group(1));
    }

    /** One client fills half of the places. */
    @ParameterizedTest
    @CsvSource({
        "config.nowcast.queue.capacity=32, false",
        "config.nowcast\\.queue\\.capacity=32, false",
        "config.nowcast.queue\\.capacity=32, false",
        "config.nowcast.queue.capacity=33, true",
        "config.nowcast.queue=null, true",
        "prometheusRule.queueDepth=32, false"
    })
    void aQueueThatNeverGetsSoLongIsNoAlert(String setting, boolean fits) {
        if (fits) {
            assertThat(alerts(setting)).isNotEmpty();
        } else {
            assertThatThrownBy(() -> alerts(setting))
                    .hasMessageContaining("nowcast.queue.capacity, which is");
        }
    }
}
