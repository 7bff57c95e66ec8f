package io.nowcast.security;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** The one chain of filters, in every mode and on every port. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(QuotaProperties.class)
@Import({CrossOrigin.class, OpenServiceWarning.class})
class SecurityConfiguration {

    /** Nothing but what the page of the OpenAPI description needs, which brings all of it along. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                    + "img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; "
                    + "frame-ancestors 'none'";

    private static final Duration STRICT_TRANSPORT = Duration.ofDays(365);

    @Bean
    Refusals refusals(
            AccessProperties properties,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver answers,
            AccessListener listener) {
        return new Refusals(properties.mode(), answers, listener);
    }

    @Bean
    AccessRules accessRules(
            AccessProperties properties, WebEndpointProperties endpoints, Environment environment) {
        boolean ownPort = ManagementPortType.get(environment) == ManagementPortType.DIFFERENT;
        if (properties.openManagementPort() && !ownPort) {
            throw new InvalidConfigurationPropertyValueException(
                    "nowcast.security.open-management-port",
                    true,
                    "The actuator needs a port of its own: set management.server.port.");
        }
        return new AccessRules(properties, ownPort, endpoints.getBasePath());
    }

    @Bean
    ClientQuotas clientQuotas(QuotaProperties properties, AccessListener listener) {
        return new ClientQuotas(properties, System::nanoTime, listener);
    }

    /**
     * Nobody asked how long each filter takes, and telling costs half of what a refused request
     * does.
     */
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    SecurityFilterChain securityFilterChain(
            HttpSecurity http,
            AccessRules rules,
            Refusals refusals,
            Credentials credentials,
            CrossOrigin crossOrigin,
            ClientQuotas quotas,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver answers) {
        credentials.apply(http, refusals);
        crossOrigin.apply(http);
        return http
                // A browser sends no key or token by itself, so that no other page can make it do
                // so.
                .csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(
                        session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .headers(headers ->
                        headers.contentSecurityPolicy(
                                        policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
                                .httpStrictTransportSecurity(strict ->
                                        strict.maxAgeInSeconds(STRICT_TRANSPORT.toSeconds())))
                .exceptionHandling(handling ->
                        handling.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .authorizeHttpRequests(rules::apply)
                .addFilterAfter(new QuotaFilter(quotas, answers), AuthorizationFilter.class)
                .build();
    }
}
