package io.nowcast.deployment;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Parses manifests into the types of the Kubernetes API; an unknown or misplaced field fails. */
final class StrictManifests {

    private static final Map<String, Class<?>> TYPES =
            Map.ofEntries(
                    Map.entry("apps/v1 Deployment", Deployment.class),
                    Map.entry("v1 Service", Service.class),
                    Map.entry("v1 ServiceAccount", ServiceAccount.class),
                    Map.entry("v1 ConfigMap", ConfigMap.class),
                    Map.entry("v1 Pod", Pod.class),
                    Map.entry(
                            "autoscaling/v2 HorizontalPodAutoscaler",
                            HorizontalPodAutoscaler.class),
                    Map.entry("networking.k8s.io/v1 Ingress", Ingress.class),
                    Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
                    Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
                    Map.entry("gateway.networking.k8s.io/v1 HTTPRoute", HTTPRoute.class),
                    Map.entry("monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class),
                    Map.entry("monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class),
                    Map.entry("keda.sh/v1alpha1 ScaledObject", ScaledObject.class));

    /** The types collect unknown fields in a map; here they are errors. */
    private static final ObjectMapper STRICT =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .annotationIntrospector(
                            new JacksonAnnotationIntrospector() {
                                private static final long serialVersionUID = 1;

                                @Override
                                public Boolean hasAnySetter(Annotated annotated) {
                                    return false;
                                }
                            })
                    .build();

    private StrictManifests() {}

    static Object parse(JsonNode document) throws IOException {
        String key = document.get("apiVersion").asString() + " " + document.get("kind").asString();
        Class<?> type = TYPES.get(key);
        if (type == null) {
            throw new IOException("no type is known for " + key);
        }
        return STRICT.readValue(document.toString(), type);
    }

    /** What the chart uses of KEDA's resource (keda.sh/docs/latest/reference/scaledobject-spec). */
    record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, ScaledSpec spec) {}

    record ScaledSpec(
            ScaleTarget scaleTargetRef,
            int pollingInterval,
            int cooldownPeriod,
            int minReplicaCount,
            int maxReplicaCount,
            Advanced advanced,
            List<Trigger> triggers) {}

    record ScaleTarget(String name) {}

    record Advanced(
            @JsonProperty("horizontalPodAutoscalerConfig") AutoscalerConfig autoscalerConfig) {}

    record AutoscalerConfig(HorizontalPodAutoscalerBehavior behavior) {}

    /** Values are strings; KEDA parses them itself. */
    record Trigger(
            String type,
            Map<String, String> metadata,
            @Nullable Authentication authenticationRef) {}

    record Authentication(String name, String kind) {}
}
