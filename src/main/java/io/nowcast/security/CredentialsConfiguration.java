package io.nowcast.security;

import io.nowcast.schedule.RepeatedTask;
import java.time.Clock;
import java.util.Objects;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ScheduledExecutorFactoryBean;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.authentication.AuthenticationFilter;

/** What each mode finds out who asks with. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessProperties.class)
class CredentialsConfiguration {

    @Bean
    @OnAccessMode(AccessMode.NONE)
    Credentials noCredentials() {
        return (http, _) -> http.anonymous(AbstractHttpConfigurer::disable);
    }

    @Configuration(proxyBeanMethods = false)
    @OnAccessMode(AccessMode.API_KEY)
    static class WithApiKeys {

        @Bean
        ApiKeys apiKeys(AccessProperties properties, AccessListener listener) {
            return new ApiKeys(
                    Objects.requireNonNull(properties.keys().file()), Clock.systemUTC(), listener);
        }

        @Bean
        ScheduledExecutorFactoryBean refreshingOfApiKeys(
                ApiKeys keys, AccessProperties properties) {
            return RepeatedTask.every(properties.keys().refresh(), "api-keys-", keys::refresh);
        }

        @Bean
        Credentials apiKeyCredentials(ApiKeys keys) {
            ApiKeyCredentials credentials = new ApiKeyCredentials(keys);
            return (http, refusals) -> {
                AuthenticationFilter filter = new AuthenticationFilter(credentials, credentials);
                filter.setSuccessHandler((_, _, _) -> {});
                filter.setFailureHandler(refusals);
                http.addFilterBefore(filter, AnonymousAuthenticationFilter.class);
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @OnAccessMode(AccessMode.JWT)
    static class WithTokens {

        @Bean
        JwtDecoder tokenDecoder(AccessProperties properties) {
            return TokenDecoding.decoder(properties.jwt());
        }

        @Bean
        Credentials tokenCredentials(AccessProperties properties, JwtDecoder decoder) {
            JwtAuthenticationConverter converter = new JwtAuthenticationConverter();
            converter.setPrincipalClaimName(properties.jwt().principal());
            return (http, refusals) ->
                    http.oauth2ResourceServer(server ->
                            server.jwt(jwt ->
                                            jwt.decoder(decoder)
                                                    .jwtAuthenticationConverter(converter))
                                    .authenticationEntryPoint(refusals)
                                    .accessDeniedHandler(refusals));
        }
    }
}
