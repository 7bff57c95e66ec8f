package io.nowcast.security;

import io.nowcast.settings.Setting;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;

/**
 * Who is let in.
 *
 * @param mode how clients show who they are
 * @param keys where their keys are
 * @param jwt whose tokens count
 * @param cors which web pages may ask
 * @param openDescription whether the OpenAPI description and its page need no credential
 * @param openManagementPort whether the actuator needs no credential, on a port of its own
 * @param openAdmin whether {@code /admin} answers in mode {@code none}
 */
@ConfigurationProperties("nowcast.security")
public record AccessProperties(
        @DefaultValue("none") AccessMode mode,
        @DefaultValue Keys keys,
        @DefaultValue Jwt jwt,
        @DefaultValue Cors cors,
        @DefaultValue("true") boolean openDescription,
        @DefaultValue("false") boolean openManagementPort,
        @DefaultValue("false") boolean openAdmin) {

    public AccessProperties {
        switch (mode) {
            case NONE -> {}
            case API_KEY -> require(keys.file() != null, "api-key", "nowcast.security.keys.file");
            case JWT -> {
                require(jwt.issuer().isPresent(), "jwt", "nowcast.security.jwt.issuer");
                require(!jwt.audiences().isEmpty(), "jwt", "nowcast.security.jwt.audiences");
                require(
                        jwt.jwkSetUri().isEmpty() || jwt.publicKey() == null,
                        "jwt",
                        "nowcast.security.jwt.jwk-set-uri or nowcast.security.jwt.public-key, not both");
                jwt.requireAlgorithms();
                jwt.requireJwkSetUri();
            }
        }
    }

    private static void require(boolean given, String mode, String property) {
        if (!given) {
            throw new IllegalArgumentException(
                    "nowcast.security.mode %s needs %s".formatted(mode, property));
        }
    }

    /**
     * The keys of mode {@code api-key}.
     *
     * @param file names, hashes and scopes, see {@link ApiKeyFile}
     * @param refresh how often it is looked at
     */
    public record Keys(@Nullable Path file, @DefaultValue("10s") Duration refresh) {

        public Keys {
            Setting.requireTime(Duration.ofMillis(1), "nowcast.security.keys.refresh", refresh);
        }
    }

    /**
     * The tokens of mode {@code jwt}.
     *
     * @param issuer whose they must be, claim {@code iss}; also where its keys are found if neither
     *     of the next two is given
     * @param jwkSetUri where the issuer's keys are
     * @param publicKey the issuer's RSA key as PEM
     * @param audiences of which a token must name one, claim {@code aud}
     * @param principal claim with the client's name
     * @param algorithms signatures that count
     */
    public record Jwt(
            Optional<String> issuer,
            Optional<URI> jwkSetUri,
            @Nullable Resource publicKey,
            @DefaultValue List<String> audiences,
            @DefaultValue("sub") String principal,
            @DefaultValue("RS256") List<String> algorithms) {

        private static final Set<String> HTTP = Set.of("http", "https");

        public Jwt {
            Setting.requireText("nowcast.security.jwt.principal", principal);
        }

        private void requireAlgorithms() {
            boolean known =
                    algorithms.stream().allMatch(name -> SignatureAlgorithm.from(name) != null);
            if (algorithms.isEmpty() || !known) {
                throw new IllegalArgumentException(
                        "nowcast.security.jwt.algorithms are %s; expected signature algorithms of asymmetric keys, such as RS256"
                                .formatted(algorithms));
            }
            if (publicKey != null && algorithms.size() > 1) {
                throw new IllegalArgumentException(
                        "nowcast.security.jwt.algorithms are %s; expected one with nowcast.security.jwt.public-key"
                                .formatted(algorithms));
            }
        }

        private void requireJwkSetUri() {
            jwkSetUri
                    .filter(uri ->
                            uri.getHost() == null
                                    || !HTTP.contains(String.valueOf(uri.getScheme())))
                    .ifPresent(uri -> {
                        throw new IllegalArgumentException(
                                "nowcast.security.jwt.jwk-set-uri is %s; expected one of http or https"
                                        .formatted(uri));
                    });
        }
    }

    /**
     * Web pages that may ask.
     *
     * @param origins such as {@code https://radar.example}; none where empty
     */
    public record Cors(@DefaultValue List<String> origins) {

        /** As browsers tell it: scheme, host and port; any where it is a star. */
        private static final Pattern ORIGIN = Pattern.compile("\\*|https?://[^\\s/?#@]+/?");

        public Cors {
            origins.stream()
                    .filter(origin -> !ORIGIN.matcher(origin).matches())
                    .findFirst()
                    .ifPresent(wrong -> {
                        throw new IllegalArgumentException(
                                "nowcast.security.cors.origins is %s; expected *, or origins such as https://radar.example"
                                        .formatted(wrong));
                    });
        }
    }
}
