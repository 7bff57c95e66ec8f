package io.nowcast.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that the chart refuses, each with the reason. */
class ChartRefusalsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "replicas=2                             | replicas",
                "replicaCount=-1                        | replicaCount",
                "replicaCount=many                      | replicaCount",
                "image.digest=latest                    | digest",
                "image.pullPolicy=Sometimes             | pullPolicy",
                "service.port=70000                     | port",
                "security.mode=password                 | mode",
                "keda.serverAddress=prometheus:9090     | serverAddress",
                "models.directory=models                | directory",
                "models.download[0].name=north          | download",
                "topologySpread.whenUnsatisfiable=Maybe | whenUnsatisfiable",
                "prometheusRule.errorShare=5            | errorShare",
                "prometheusRule.latency=60              | latency",
                "prometheusRule.window=15               | window",
                "resources.limit.memory=4Gi             | limit",
                "nodeSelector.gpu=true                  | nodeSelector",
                "podAnnotations.checked=1               | podAnnotations",
                "podSecurityContext.runAsuser=1         | runAsuser",
                "securityContext.readOnlyRootFs=true    | readOnlyRootFs",
                "tolerations[0].efect=NoSchedule        | efect",
                "affinity.nodeAfinity.weight=1          | nodeAfinity",
                "env[0].vaule=1                         | vaule",
                "volumeMounts[0].path=/data             | path",
                "httpRoute.parentRefs[0].section=public | section",
                "podDisruptionBudget.maxUnavailable=all | maxUnavailable",
                "podDisruptionBudget.maxUnavailable=0%  | maxUnavailable",
                "podDisruptionBudget.maxUnavailable=101%| maxUnavailable",
                "maxSurge=0%                            | maxSurge",
                "keda.minReplicas=0                     | minReplicas",
                "keda.scaleDownAfter=3601               | scaleDownAfter",
                "keda.authentication.modes=token        | modes",
            })
    void theSchemaNamesTheWrongValue(String setting, String named) {
        assertThatThrownBy(() -> Chart.render("defaults", setting))
                .hasMessageContaining("schema")
                .hasMessageContaining(named);
    }

    /** Probes and Services would look elsewhere, or a variable of the chart's would count more. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "config.server.port=9000                      | service.port",
                "config.management.server.port=9000           | ownManagementPort",
                "config.management\\.server\\.port=9000       | ownManagementPort",
                "config.management.server\\.port=9000         | ownManagementPort",
                "env[0].name=SERVER_PORT                      | service.port",
                "config.nowcast.devices=cuda:1                | gpu.count",
                "env[0].name=NOWCAST_DEVICES                  | gpu.count",
            })
    void propertiesThatTheChartDecidesAreRefused(String setting, String instead) {
        assertThatThrownBy(() -> Chart.render("gpu", setting)).hasMessageContaining(instead);
    }

    @Test
    void otherPropertiesAreNot() {
        assertThat(
                        Chart.render(
                                "defaults",
                                "config.nowcast.devices=cpu",
                                "config.server.address=0.0.0.0",
                                "config.management\\.server\\.address=0.0.0.0",
                                "env[0].name=LOGGING_LEVEL_ROOT"))
                .contains("devices: cpu");
    }

    @Test
    void contradictionsAreRefused() {
        assertThatThrownBy(() -> Chart.render("defaults", "security.mode=api-key"))
                .hasMessageContaining("security.keys.existingSecret");
        assertThatThrownBy(() ->
                        Chart.render(
                                "defaults",
                                "security.mode=jwt",
                                "security.jwt.issuer=https://issuer.example"))
                .hasMessageContaining("security.jwt.audiences");
        assertThatThrownBy(() -> Chart.render("defaults", "tls.clientAuthoritySecret=clients"))
                .hasMessageContaining("tls.existingSecret");
        assertThatThrownBy(() -> Chart.render("defaults", "test.clientSecret=client"))
                .hasMessageContaining("tls.clientAuthoritySecret");
        assertThatThrownBy(() ->
                        Chart.render("defaults", "autoscaling.enabled=true", "keda.enabled=true"))
                .hasMessageContaining("both want to scale");
        for (String scaler : List.of("autoscaling", "keda")) {
            assertThatThrownBy(() ->
                            Chart.render(
                                    "defaults",
                                    scaler + ".enabled=true",
                                    scaler + ".maxReplicas=1"))
                    .hasMessageContaining(scaler + ".minReplicas 2 is above its maxReplicas 1");
        }
        assertThatThrownBy(() -> Chart.render("secured", "managementPort=8080"))
                .hasMessageContaining("managementPort: 8080 is the port of the service itself");
        assertThatThrownBy(
                        () -> Chart.render("many-models", "models.imageVolume.reference=models:1"))
                .hasMessageContaining("models come from one place");
        assertThatThrownBy(() -> Chart.render("defaults", "models.bundled=false"))
                .hasMessageContaining("there is no model");
        assertThatThrownBy(() -> Chart.render("defaults", "ingress.enabled=true"))
                .hasMessageContaining("needs a host name");
        assertThatThrownBy(() -> Chart.render("defaults", "httpRoute.enabled=true"))
                .hasMessageContaining("needs a gateway");
    }
}
