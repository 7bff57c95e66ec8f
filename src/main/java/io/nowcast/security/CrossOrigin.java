package io.nowcast.security;

import java.time.Duration;
import java.util.List;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;

/**
 * Which pages of other origins may read answers: those that are configured, without cookies, which
 * there are none of. Where none is, no answer has a header that would let one.
 */
final class CrossOrigin {

    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final List<String> origins;

    CrossOrigin(AccessProperties properties) {
        this.origins = properties.cors().origins();
    }

    void apply(HttpSecurity http) {
        if (origins.isEmpty()) {
            http.cors(AbstractHttpConfigurer::disable);
            return;
        }
        CorsConfiguration allowed = new CorsConfiguration();
        allowed.setAllowedOrigins(origins);
        allowed.setAllowedMethods(List.of("GET", "HEAD", "POST"));
        allowed.setAllowedHeaders(List.of("*"));
        allowed.setExposedHeaders(
                List.of(
                        "Content-Disposition",
                        "Inference-Header-Content-Length",
                        "Nowcast-Device",
                        "Nowcast-Input-Digest",
                        "Nowcast-Model",
                        "Nowcast-Model-Digest",
                        "Nowcast-Model-Generation",
                        "Nowcast-Precision",
                        "Nowcast-Tiles",
                        "Nowcast-Valid-Times",
                        "RateLimit",
                        "RateLimit-Policy",
                        "Retry-After",
                        "Server-Timing",
                        "WWW-Authenticate",
                        "X-Request-Id"));
        allowed.setAllowCredentials(false);
        allowed.setMaxAge(REMEMBERED);
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration("/**", allowed);
        http.cors(cors -> cors.configurationSource(source));
    }
}
