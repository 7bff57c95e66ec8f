package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.accelerator.AcceleratorReading;
import io.nowcast.deployment.Chart;
import io.nowcast.model.DeviceName;
import io.nowcast.observability.DeviceSeries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the chart, the dashboard and the container files say of the service, held against the
 * service: a renamed path, property, meter or label breaks this test and not someone's cluster.
 */
class ChartAgainstServiceTest extends ServiceTest {

    private static final Path COMPOSE = Path.of("docker");
    private static final Path DASHBOARD = Chart.FOLDER.resolve("dashboards/nowcast.json");
    private static final JsonMapper JSON = new JsonMapper();

    private static final Pattern SERIES = Pattern.compile("\\b([a-z]+_[a-z_]+)(\\{[^}]*})?");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=");
    private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern TEMPLATE_LABEL = Pattern.compile("\\$labels\\.([a-z]+)");

    /** Functions and operators, and series that Kubernetes has and not the service. */
    private static final Set<String> NOT_OURS =
            Set.of(
                    "histogram_quantile",
                    "label_values",
                    "max_over_time",
                    "min_over_time",
                    "group_left",
                    "container_memory_working_set_bytes",
                    "kube_pod_container_resource_limits");

    /** Labels that Prometheus adds to what it scrapes, and those of the series above. */
    private static final Set<String> FROM_PROMETHEUS =
            Set.of("namespace", "service", "pod", "container", "instance", "job", "resource");

    private static List<JsonNode> rendered(String set) {
        return Chart.documents(Chart.render(set));
    }

    @Test
    void probesAndScrapesFindTheirPaths() {
        JsonNode container =
                Chart.document(rendered("defaults"), "Deployment", "")
                        .at("/spec/template/spec/containers/0");
        JsonNode monitor = Chart.document(rendered("autoscaled"), "ServiceMonitor", "");
        Set<String> paths = new TreeSet<>();
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            paths.add(container.get(probe).at("/httpGet/path").asString());
            assertThat(container.get(probe).at("/httpGet/port").asString()).isEqualTo("http");
        }
        paths.add(monitor.at("/spec/endpoints/0/path").asString());

        assertThat(paths)
                .containsExactly(
                        "/actuator/health/liveness",
                        "/actuator/health/readiness",
                        "/actuator/prometheus")
                .allSatisfy(path -> assertThat(service().get(path).status()).isEqualTo(200));
        assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(8080);
        assertThat(container.at("/ports/0/name").asString()).isEqualTo("http");
    }

    @Test
    void theConfigurationIsOfPropertiesThatThereAre() throws IOException {
        Set<String> known = new HashSet<>();
        for (JsonNode property :
                JSON.readTree(
                                Files.readString(
                                        Path.of(
                                                "target/classes/META-INF/spring-configuration-metadata.json")))
                        .get("properties")) {
            known.add(property.get("name").asString());
        }
        known.add("spring.lifecycle.timeout-per-shutdown-phase");
        // Spring's own; TlsTest and ApiKeyAccessTest start a service with them.
        known.add("management.server.port");
        known.add("management.server.ssl.enabled");
        known.add("server.ssl.bundle");
        known.add("server.ssl.client-auth");
        String bundle = "spring.ssl.bundle.pem.service.";
        known.add(bundle + "reload-on-update");
        known.add(bundle + "keystore.certificate");
        known.add(bundle + "keystore.private-key");
        known.add(bundle + "truststore.certificate");
        for (String set : Chart.valueSets()) {
            String text =
                    Chart.document(rendered(set), "ConfigMap", "nowcast")
                            .at("/data/application.yaml")
                            .asString();
            Map<String, Object> tree = new Yaml().load(text);
            List<String> used = new ArrayList<>();
            flatten("", JSON.valueToTree(tree), used);
            assertThat(used).isNotEmpty().isSubsetOf(known);
        }
    }

    private static void flatten(String prefix, JsonNode node, List<String> names) {
        if (node.isObject()) {
            node.properties()
                    .forEach(entry ->
                            flatten(
                                    prefix.isEmpty()
                                            ? entry.getKey()
                                            : prefix + "." + entry.getKey(),
                                    entry.getValue(),
                                    names));
        } else {
            names.add(prefix);
        }
    }

    @Test
    void alertsAndScalersAskForSeriesThatThereAre() {
        List<JsonNode> autoscaled = rendered("autoscaled");
        List<String> expressions =
                new ArrayList<>(
                        Chart.document(autoscaled, "PrometheusRule", "")
                                .at("/spec/groups/0/rules")
                                .findValuesAsString("expr"));
        assertThat(expressions).hasSizeGreaterThanOrEqualTo(6);
        expressions.add(
                Chart.document(autoscaled, "ScaledObject", "")
                        .at("/spec/triggers/0/metadata/query")
                        .asString());
        expressions.add(
                Chart.document(rendered("locked-down"), "HorizontalPodAutoscaler", "")
                        .at("/spec/metrics/0/pods/metric/name")
                        .asString());

        assertSeriesExist(expressions);
        Matcher label =
                TEMPLATE_LABEL.matcher(Chart.document(autoscaled, "PrometheusRule", "").toString());
        while (label.find()) {
            assertThat(label.group(1)).isIn("model", "device", "pod");
        }
    }

    /**
     * What takes longer than the longest bucket is told as that long: an alert above it is none.
     */
    @Test
    void theLatencyOfTheAlertIsWithinTheHistogram() throws IOException {
        service().forecast("steps=1", EncodedEvent.sample().npy("u8"));
        Matcher bucket =
                Pattern.compile("nowcast_forecast_request_seconds_bucket\\{.*le=\"([0-9.]+)\"")
                        .matcher(service().get("/actuator/prometheus").text());

        assertThat(bucket.results().mapToDouble(found -> Double.parseDouble(found.group(1))).max())
                .hasValue(
                        JSON.readTree(Files.readString(Chart.FOLDER.resolve("values.schema.json")))
                                .at(
                                        "/properties/prometheusRule/properties/latency/exclusiveMaximum")
                                .asDouble());
    }

    @Test
    void theDashboardAsksForSeriesThatThereAre() throws IOException {
        JsonNode dashboard = JSON.readTree(Files.readString(DASHBOARD));
        List<String> expressions =
                new ArrayList<>(dashboard.get("panels").findValuesAsString("expr"));
        assertThat(expressions).hasSizeGreaterThan(10);
        // Others' JVMs are in the same Prometheus.
        assertThat(expressions).allSatisfy(one -> assertThat(one).contains("job=~\"$job\""));
        for (JsonNode variable : dashboard.at("/templating/list")) {
            if (variable.get("type").asString().equals("query")) {
                expressions.add(variable.at("/query/query").asString());
            }
        }

        assertSeriesExist(expressions);
        assertThat(
                        Chart.document(rendered("autoscaled"), "ConfigMap", "dashboard")
                                .at("/data/nowcast.json")
                                .asString())
                .isEqualToIgnoringWhitespace(Files.readString(DASHBOARD));
    }

    private void assertSeriesExist(List<String> expressions) {
        Map<String, Set<String>> scraped = scraped();
        for (String expression : expressions) {
            Set<String> labels = new HashSet<>();
            Matcher grouping = GROUPING.matcher(expression);
            while (grouping.find()) {
                labels.addAll(List.of(grouping.group(1).split(" *, *", -1)));
            }
            Matcher series = SERIES.matcher(grouping.replaceAll(""));
            boolean found = false;
            while (series.find()) {
                if (!NOT_OURS.contains(series.group(1))) {
                    found = true;
                    Set<String> asked = new HashSet<>(labels);
                    Matcher label = LABEL.matcher(series.group(2) == null ? "" : series.group(2));
                    while (label.find()) {
                        asked.add(label.group(1));
                    }
                    asked.removeAll(FROM_PROMETHEUS);
                    assertThat(scraped).as(expression).containsKey(series.group(1));
                    assertThat(scraped.get(series.group(1))).as(expression).containsAll(asked);
                }
            }
            assertThat(found || expression.contains("container_memory")).as(expression).isTrue();
        }
    }

    /** The labels of each series that the service tells, here and where it has a GPU. */
    private Map<String, Set<String>> scraped() {
        service().forecast("steps=1", EncodedEvent.sample().npy("u8"));
        AcceleratorReading reading = new AcceleratorReading(1, 2, 0.5, 60, 100, false);
        String here = service().get("/actuator/prometheus").text();
        String onGpu = DeviceSeries.scraped(_ -> Optional.of(reading), new DeviceName("cuda", 0));
        Map<String, Set<String>> scraped = new HashMap<>();
        for (String line : (here + "\n" + onGpu).lines().filter(l -> !l.isEmpty()).toList()) {
            if (!line.startsWith("#")) {
                String name = line.split("[{ ]", 2)[0];
                Set<String> labels = scraped.computeIfAbsent(name, _ -> new HashSet<>());
                int end = line.indexOf('}');
                Matcher label =
                        LABEL.matcher(end < 0 ? "" : line.substring(line.indexOf('{'), end));
                while (label.find()) {
                    labels.add(label.group(1));
                }
            }
        }
        return scraped;
    }

    /** The very script and frames of {@code helm test}, run from the rendered ConfigMap. */
    @Test
    void helmTestPostsARealStack(@TempDir Path folder) throws Exception {
        assertThat(helmTest(folder, "")).contains("a forecast of 2 frames of 64x64 came");
    }

    @Test
    void helmTestSeesAWrongAnswer(@TempDir Path folder) throws Exception {
        assertThat(helmTest(folder, "truncated")).contains("status: no");
    }

    private String helmTest(Path folder, String harm) throws Exception {
        JsonNode files = Chart.document(rendered("defaults"), "ConfigMap", "-test");
        byte[] frames = Base64.getDecoder().decode(files.at("/binaryData/radar.npy").asString());
        Files.writeString(folder.resolve("forecast.sh"), files.at("/data/forecast.sh").asString());
        Files.write(
                folder.resolve("radar.npy"),
                harm.isEmpty() ? frames : Arrays.copyOf(frames, frames.length / 2));
        Process process =
                new ProcessBuilder(
                                "bash",
                                folder.resolve("forecast.sh").toString(),
                                "localhost",
                                Integer.toString(service().port()),
                                "30")
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isEqualTo(harm.isEmpty() ? 0 : 1);
        return output;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compose.yaml",
                "prometheus/prometheus.yaml",
                "grafana/datasources/prometheus.yaml",
                "grafana/dashboards/nowcast.yaml"
            })
    void containerFilesAreYaml(String name) throws IOException {
        Object document = new Yaml().load(Files.readString(COMPOSE.resolve(name)));

        assertThat(document).isInstanceOf(Map.class);
    }

    @Test
    void prometheusAndGrafanaOfTheComposeFileFindEachOther() throws IOException {
        JsonNode compose = yaml("compose.yaml");
        JsonNode scrape = yaml("prometheus/prometheus.yaml").at("/scrape_configs/0");
        JsonNode source = yaml("grafana/datasources/prometheus.yaml").at("/datasources/0");

        assertThat(compose.get("services").propertyNames())
                .containsExactlyInAnyOrder("nowcast", "prometheus", "grafana");
        assertThat(service().get(scrape.get("metrics_path").asString()).status()).isEqualTo(200);
        assertThat(scrape.at("/static_configs/0/targets/0").asString()).isEqualTo("nowcast:8080");
        assertThat(source.get("url").asString()).isEqualTo("http://prometheus:9090");
        for (JsonNode part : compose.get("services")) {
            for (JsonNode volume : part.path("volumes")) {
                String path = volume.asString().split(":", 2)[0];
                if (path.startsWith(".") && !path.equals("./models")) {
                    assertThat(COMPOSE.resolve(path)).exists();
                }
            }
        }
    }

    private static JsonNode yaml(String name) throws IOException {
        Map<String, Object> document = new Yaml().load(Files.readString(COMPOSE.resolve(name)));
        return JSON.valueToTree(document);
    }
}
