package io.nowcast.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;

/** The chart by itself: generated files, manifests, refusals. */
class ChartTest {

    private static final Path GOLDEN = Path.of("src", "test", "resources", "helm");
    private static final String REWRITE =
            "; if the change is meant, run mvn test -Dtest=ChartTest -Dchart.write=true and commit it";

    private static List<JsonNode> rendered(String set, String... settings) {
        return Chart.documents(Chart.render(set, settings));
    }

    private static JsonNode pod(List<JsonNode> documents) {
        return Chart.document(documents, "Deployment", "").at("/spec/template/spec");
    }

    private static String config(List<JsonNode> documents) {
        return Chart.document(documents, "ConfigMap", "nowcast")
                .at("/data/application.yaml")
                .asString();
    }

    /** The variables of a pod's only container. */
    private static Map<String, String> environment(JsonNode pod) {
        return pod.at("/containers/0/env")
                .valueStream()
                .collect(
                        Collectors.toMap(
                                variable -> variable.get("name").asString(),
                                variable -> variable.path("value").asString("")));
    }

    static Stream<String> valueSets() {
        return Chart.valueSets().stream();
    }

    private static void isCommitted(Path file, String current) throws IOException {
        if (Boolean.getBoolean("chart.write")) {
            Files.writeString(file, current);
        }
        assertThat(Files.exists(file) ? Files.readString(file) : "")
                .as(file + REWRITE)
                .isEqualTo(current);
    }

    @Test
    void schemaAndReadmeAreMadeFromTheValues() throws IOException {
        ChartValues values = ChartValues.read();
        Path readme = Chart.FOLDER.resolve("README.md");

        isCommitted(Chart.FOLDER.resolve("values.schema.json"), values.schema());
        isCommitted(readme, values.readme(Files.readString(readme)));
    }

    /** Who follows the README pushes the image that the chart then asks for. */
    @Test
    void theReadmePushesTheTagThatTheChartAsksFor() throws IOException {
        String image = pod(rendered("autoscaled")).at("/containers/0/image").asString();

        assertThat(Files.readString(Chart.FOLDER.resolve("README.md")))
                .contains("docker build -t " + image + " .", "docker push " + image + "\n");
    }

    @Test
    void lintFindsNothing() {
        LintResult result = new Helm(Chart.FOLDER).lint().strict().quiet().call();

        assertThat(result.getMessages())
                .noneMatch(message -> message.matches(".*\\[(WARNING|ERROR)].*"));
        assertThat(result.isFailed()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void manifestsAreTheCommittedOnes(String set) throws IOException {
        isCommitted(GOLDEN.resolve(set + ".yaml"), Chart.render(set));
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void everyManifestIsStrictlyOfItsType(String set) throws IOException {
        for (JsonNode document : rendered(set)) {
            assertThatCode(() -> StrictManifests.parse(document))
                    .as(document.at("/metadata/name").asString())
                    .doesNotThrowAnyException();
            assertThat(document.at("/metadata/namespace").asString()).isEqualTo("weather");
        }
    }

    /** The strictness of the test above is no illusion. */
    @Test
    void aMisspeltFieldIsFound() {
        JsonNode service =
                Chart.document(
                        Chart.documents(
                                Chart.render("defaults").replace("targetPort:", "targetport:")),
                        "Service",
                        "");

        assertThatThrownBy(() -> StrictManifests.parse(service)).hasMessageContaining("targetport");
    }

    /** A selector cannot be changed in place: with another one every upgrade would fail. */
    @ParameterizedTest
    @MethodSource("valueSets")
    void selectorsNeverChange(String set) {
        List<JsonNode> documents = rendered(set, "image.tag=9.9.9", "podLabels.team=radar");
        JsonNode deployment = Chart.document(documents, "Deployment", "");
        JsonNode selector = deployment.at("/spec/selector/matchLabels");

        assertThat(selector.toString())
                .isEqualTo(
                        "{\"app.kubernetes.io/name\":\"nowcast\",\"app.kubernetes.io/instance\":\"radar\"}");
        assertThat(Chart.document(documents, "Service", "nowcast").at("/spec/selector"))
                .isEqualTo(selector);
        JsonNode labels = deployment.at("/spec/template/metadata/labels");
        selector.properties()
                .forEach(label ->
                        assertThat(labels.get(label.getKey())).isEqualTo(label.getValue()));
        assertThat(labels.get("team").asString()).isEqualTo("radar");
    }

    /** What was accepted is answered before the kubelet kills the pod. */
    @ParameterizedTest
    @CsvSource({"60,5,20", "10,0,1", "600,30,120"})
    void theGracePeriodFitsTheDrain(int requestTimeout, int preStop, int drain) {
        List<JsonNode> documents =
                rendered(
                        "defaults",
                        "requestTimeout=" + requestTimeout,
                        "shutdown.preStop=" + preStop,
                        "shutdown.drain=" + drain);
        JsonNode pod = pod(documents);
        String config = config(documents);

        assertThat(pod.get("terminationGracePeriodSeconds").asInt())
                .isGreaterThanOrEqualTo(preStop + 1 + requestTimeout + 5 + drain + 5);
        assertThat(config)
                .contains("timeout-per-shutdown-phase: " + (requestTimeout + 5) + "s")
                .contains("timeout: " + requestTimeout + "s")
                .contains("drain: " + drain + "s");
    }

    /** Copies of models lie there, and beyond the size the pod is evicted. */
    @Test
    void theTemporaryDirectoryHoldsWhatItIsGiven() {
        assertThat(pod(rendered("defaults", "tmpSize=12Gi")).at("/volumes").valueStream())
                .filteredOn(volume -> volume.get("name").asString().equals("tmp"))
                .singleElement()
                .extracting(volume -> volume.at("/emptyDir/sizeLimit").asString())
                .isEqualTo("12Gi");
    }

    /**
     * What the SCC restricted-v2 asks of a pod and its containers: the user and the groups are the
     * namespace's, the rest as the Pod Security Standard of that name has it.
     */
    @Test
    void openShiftChoosesTheUserAndTheGroups() {
        List<JsonNode> documents = rendered("openshift");
        List<JsonNode> pods =
                List.of(pod(documents), Chart.document(documents, "Pod", "-test").get("spec"));

        assertThat(pods)
                .allSatisfy(pod -> {
                    assertThat(pod.findValues("runAsUser")).isEmpty();
                    assertThat(pod.findValues("runAsGroup")).isEmpty();
                    assertThat(pod.findValues("fsGroup")).isEmpty();
                    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
                    assertThat(pod.at("/securityContext/seccompProfile/type").asString())
                            .isEqualTo("RuntimeDefault");
                    JsonNode container = pod.at("/containers/0/securityContext");
                    assertThat(container.get("allowPrivilegeEscalation").asBoolean(true)).isFalse();
                    assertThat(container.at("/capabilities/drop/0").asString()).isEqualTo("ALL");
                });
        assertThat(pod(rendered("defaults")).at("/securityContext/runAsUser").asInt())
                .isEqualTo(10001);
    }

    /** Else a rollout of pods that may take so long is called failed while they start. */
    @Test
    void aRolloutMayTakeAsLongAsAPodMayTakeToStart() {
        assertThat(
                        Chart.document(
                                        rendered("defaults", "startupTimeout=1800"),
                                        "Deployment",
                                        "")
                                .at("/spec/progressDeadlineSeconds")
                                .asInt())
                .isGreaterThan(1800);
    }

    /** What the test asks by TLS, of whom, and what it has to see. */
    @ParameterizedTest
    @CsvSource({
        "security.mode=none, nowcast.example, 200",
        "test.clientSecret=, nowcast.example, refused",
        "test.tlsName=, radar-nowcast.weather.svc, 401"
    })
    void helmTestKnowsWhatTheServiceAsksFor(String setting, String name, String expected) {
        JsonNode pod = Chart.document(rendered("secured", setting), "Pod", "-test").get("spec");

        assertThat(pod.at("/containers/0/args").valueStream().map(JsonNode::asString))
                .containsExactly(name, "radar-nowcast", "80", "60", expected);
        assertThat(pod.at("/containers/0/image").asString()).contains("curl");
        // The private key of the service is nothing for the test.
        assertThat(pod.at("/volumes/0/projected/sources/1/secret/items").toString())
                .isEqualTo("[{\"key\":\"tls.crt\",\"path\":\"tls.crt\"}]");
    }

    @Test
    void gpusAreNamedToTheServiceAndTheScheduler() {
        List<JsonNode> documents = rendered("gpu");
        JsonNode pod = pod(documents);

        assertThat(pod.at("/containers/0/resources/limits/nvidia.com~1gpu").asInt()).isEqualTo(2);
        assertThat(pod.get("runtimeClassName").asString()).isEqualTo("nvidia");
        // The CUDA image has this variable, and variables count over files.
        assertThat(environment(pod)).containsEntry("NOWCAST_DEVICES", "cuda:0,cuda:1");
        assertThat(config(documents)).doesNotContain("devices");
        assertThat(environment(pod(rendered("defaults")))).doesNotContainKey("NOWCAST_DEVICES");
    }

    /** Kubelets and Prometheus have neither keys nor certificates. */
    @Test
    void probesAndScrapesHaveTheirPortWhereTheServiceIsSecured() {
        List<JsonNode> documents = rendered("secured");
        JsonNode container = pod(documents).at("/containers/0");
        String config = config(documents);

        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(container.get(probe).at("/httpGet/port").asString()).isEqualTo("management");
        }
        assertThat(
                        Chart.document(documents, "ServiceMonitor", "")
                                .at("/spec/endpoints/0/port")
                                .asString())
                .isEqualTo("management");
        assertThat(
                        Chart.document(documents, "NetworkPolicy", "")
                                .at("/spec/ingress/1/ports/0/port")
                                .asString())
                .isEqualTo("management");
        assertThat(config)
                .contains("mode: api-key", "file: /keys/keys", "open-management-port: true")
                .contains("client-auth: need", "reload-on-update: true");
    }

    /** What asks for no credential is not led to from outside, whatever clients come by. */
    @Test
    void thePortWithoutCredentialsStaysInTheCluster() {
        List<JsonNode> documents =
                rendered(
                        "secured",
                        "service.type=LoadBalancer",
                        "service.port=8081",
                        "service.annotations.pool=public",
                        "prometheusRule.enabled=true");
        JsonNode service = Chart.document(documents, "Service", "nowcast");
        JsonNode management = Chart.document(documents, "Service", "management");
        JsonNode monitor = Chart.document(documents, "ServiceMonitor", "");

        assertThat(service.at("/spec/type").asString()).isEqualTo("LoadBalancer");
        assertThat(service.at("/spec/ports").findValuesAsString("name")).containsExactly("http");
        assertThat(management.at("/spec/type").asString()).isEqualTo("ClusterIP");
        assertThat(management.at("/spec/ports").findValuesAsString("name"))
                .containsExactly("management");
        assertThat(management.at("/spec/selector")).isEqualTo(service.at("/spec/selector"));
        assertThat(management.at("/metadata/annotations").isMissingNode()).isTrue();
        // Prometheus takes the label "service" from the Service that has the monitor's port.
        monitor.at("/spec/selector/matchLabels")
                .properties()
                .forEach(label ->
                        assertThat(management.at("/metadata/labels").get(label.getKey()))
                                .isEqualTo(label.getValue()));
        assertThat(Chart.document(documents, "PrometheusRule", "").toString())
                .contains("service=\\\"radar-nowcast-management\\\"")
                .doesNotContain("service=\\\"radar-nowcast\\\"");
    }

    /** Kubernetes refuses an update that may have neither a pod more nor a pod less. */
    @ParameterizedTest
    @CsvSource({"25%,0", "150%,0", "3,0", "0,1"})
    void anUpdateHasAPodMoreOrAPodLess(String maxSurge, int maxUnavailable) {
        JsonNode update =
                Chart.document(rendered("defaults", "maxSurge=" + maxSurge), "Deployment", "")
                        .at("/spec/strategy/rollingUpdate");

        assertThat(update.get("maxSurge").asString()).isEqualTo(maxSurge);
        assertThat(update.get("maxUnavailable").asInt()).isEqualTo(maxUnavailable);
    }

    /** Without the issuer's keys every token is refused. */
    @Test
    void anIssuersKeysCanBeFetchedThroughANetworkPolicy() {
        String[] jwt = {
            "networkPolicy.enabled=true",
            "security.mode=jwt",
            "security.jwt.issuer=https://issuer.example",
            "security.jwt.audiences[0]=nowcast"
        };

        assertThat(portsOut(rendered("defaults", jwt))).containsExactly("53", "53", "443");
        assertThat(portsOut(rendered("many-models", jwt))).containsExactly("53", "53", "443", "80");
        String[] named = Arrays.copyOf(jwt, jwt.length + 1);
        named[jwt.length] = "networkPolicy.egress[0].ports[0].port=8443";
        assertThat(portsOut(rendered("defaults", named))).containsExactly("8443");
        assertThat(portsOut(rendered("secured"))).isEmpty();
    }

    private static List<String> portsOut(List<JsonNode> documents) {
        return Chart.document(documents, "NetworkPolicy", "")
                .at("/spec/egress")
                .findValuesAsString("port");
    }

    @Test
    void probesAndScrapesMayHaveTheirPortInAnyMode() {
        List<JsonNode> documents =
                rendered("defaults", "ownManagementPort=true", "managementPort=9000");
        JsonNode container = pod(documents).at("/containers/0");

        assertThat(container.at("/livenessProbe/httpGet/port").asString()).isEqualTo("management");
        assertThat(container.at("/ports/1/containerPort").asInt()).isEqualTo(9000);
        assertThat(config(documents)).contains("port: 9000").doesNotContain("security");
        assertThat(Chart.document(documents, "Service", "management").at("/spec/ports/0/port"))
                .isEqualTo(IntNode.valueOf(9000));
    }

    @Test
    void theNotesAskAsTheServiceListens() {
        assertThat(Chart.notes("defaults"))
                .contains("have it make a forecast")
                .contains("helm --namespace weather test radar", " localhost:8080/forecast")
                .doesNotContain("https", "Authorization", "TLS");
        assertThat(Chart.notes("secured"))
                .contains("https://localhost:8080/forecast", "Bearer $KEY", "--cert client.crt")
                .contains("see that it asks for a credential", "test radar")
                .doesNotContain("backend-protocol");
        assertThat(Chart.notes("secured", "test.clientSecret="))
                .contains("see that it asks for a certificate");
        assertThat(
                        Chart.notes(
                                "locked-down",
                                "security.mode=jwt",
                                "security.jwt.issuer=https://issuer.example",
                                "security.jwt.audiences[0]=nowcast"))
                .contains("https://nowcast.example/forecast", "Bearer $TOKEN", "test radar")
                .doesNotContain("backend-protocol");
    }

    /** They speak plain HTTP unless told. */
    @ParameterizedTest
    @ValueSource(strings = {"locked-down", "autoscaled"})
    void theNotesTellThatWhatLeadsToAServiceWithTlsHasToSpeakIt(String set) {
        assertThat(Chart.notes(set, "tls.existingSecret=certificate"))
                .contains("backend-protocol: HTTPS", "BackendTLSPolicy");
    }
}
