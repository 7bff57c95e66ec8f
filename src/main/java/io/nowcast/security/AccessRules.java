package io.nowcast.security;

import static org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher.pathPattern;

import jakarta.servlet.DispatcherType;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;

/**
 * Which scope each path needs. A path that is not named here needs a known client: what is added
 * later is closed until someone opens it.
 */
final class AccessRules {

    private final AccessProperties properties;
    private final boolean managementHasItsPort;
    private final String actuator;

    /**
     * Makes the rules.
     *
     * @param actuator base path of the actuator, such as {@code /actuator}
     */
    AccessRules(AccessProperties properties, boolean managementHasItsPort, String actuator) {
        this.properties = properties;
        this.managementHasItsPort = managementHasItsPort;
        this.actuator = actuator;
    }

    void apply(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry
                    rules) {
        rules.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.FORWARD).permitAll();
        switch (properties.mode()) {
            case NONE -> applyNone(rules);
            case API_KEY, JWT -> applyScopes(rules);
        }
    }

    /** Whoever asks may, but not steer. */
    private void applyNone(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry
                    rules) {
        if (!properties.openAdmin()) {
            rules.requestMatchers(pathPattern("/admin/**")).denyAll();
        }
        rules.anyRequest().permitAll();
    }

    private void applyScopes(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry
                    rules) {
        // Kubelets and load balancers have no credentials.
        rules.requestMatchers(
                        pathPattern(actuator + "/health/liveness"),
                        pathPattern(actuator + "/health/readiness"),
                        pathPattern("/v2/health/*"))
                .permitAll();
        if (managementHasItsPort && properties.openManagementPort()) {
            rules.requestMatchers(EndpointRequest.toAnyEndpoint(), EndpointRequest.toLinks())
                    .permitAll();
        }
        rules.requestMatchers(pathPattern(actuator + "/**"), pathPattern("/admin/**"))
                .hasAuthority(AccessScope.ADMIN.authority());
        rules.requestMatchers(
                        pathPattern("/forecast"),
                        pathPattern("/v2/models/*/infer"),
                        pathPattern("/v2/models/*/versions/*/infer"))
                .hasAuthority(AccessScope.FORECAST.authority());
        rules.requestMatchers(
                        pathPattern("/models"),
                        pathPattern("/models/**"),
                        pathPattern("/v2"),
                        pathPattern("/v2/**"))
                .hasAuthority(AccessScope.MODELS_READ.authority());
        if (properties.openDescription()) {
            rules.requestMatchers(
                            pathPattern("/v3/api-docs"),
                            pathPattern("/v3/api-docs/**"),
                            pathPattern("/v3/api-docs.yaml"),
                            pathPattern("/swagger-ui.html"),
                            pathPattern("/swagger-ui/**"))
                    .permitAll();
        }
        rules.anyRequest().authenticated();
    }
}
