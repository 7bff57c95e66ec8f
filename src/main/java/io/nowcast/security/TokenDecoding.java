package io.nowcast.security;

import java.io.IOException;
import java.io.InputStream;
import java.security.interfaces.RSAPublicKey;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.core.io.Resource;
import org.springframework.security.converter.RsaKeyConverters;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;

/**
 * Decodes tokens and holds them against the configuration: signature, issuer, audience, times. The
 * issuer's keys come from a file, a JWK set, or where the issuer's metadata say; the last two are
 * asked for at the first token, so that a start does not depend on another service.
 */
final class TokenDecoding {

    private TokenDecoding() {}

    static JwtDecoder decoder(AccessProperties.Jwt settings) {
        OAuth2TokenValidator<Jwt> validator = validator(settings);
        Resource publicKey = settings.publicKey();
        if (publicKey != null) {
            return withPublicKey(publicKey, settings.algorithms(), validator);
        }
        return new SupplierJwtDecoder(() -> withJwkSet(settings, validator));
    }

    private static JwtDecoder withPublicKey(
            Resource pem, List<String> algorithms, OAuth2TokenValidator<Jwt> validator) {
        NimbusJwtDecoder decoder =
                NimbusJwtDecoder.withPublicKey(read(pem))
                        .signatureAlgorithm(algorithm(algorithms.getFirst()))
                        .validateType(false)
                        .build();
        decoder.setJwtValidator(validator);
        return decoder;
    }

    private static RSAPublicKey read(Resource pem) {
        try (InputStream in = pem.getInputStream()) {
            return Optional.ofNullable(RsaKeyConverters.x509().convert(in))
                    .orElseThrow(() -> noKey(pem));
        } catch (IllegalArgumentException _) {
            throw noKey(pem);
        } catch (IOException _) {
            throw new KeyFileException.PublicKey(pem + " cannot be read");
        }
    }

    private static KeyFileException noKey(Resource pem) {
        return new KeyFileException.PublicKey(pem + " holds no RSA public key as PEM");
    }

    private static JwtDecoder withJwkSet(
            AccessProperties.Jwt settings, OAuth2TokenValidator<Jwt> validator) {
        NimbusJwtDecoder decoder =
                settings.jwkSetUri()
                        .map(uri -> NimbusJwtDecoder.withJwkSetUri(uri.toString()))
                        .orElseGet(() ->
                                NimbusJwtDecoder.withIssuerLocation(
                                        settings.issuer().orElseThrow()))
                        .jwsAlgorithms(set -> {
                            set.clear();
                            settings.algorithms().forEach(name -> set.add(algorithm(name)));
                        })
                        .validateType(false)
                        .build();
        decoder.setJwtValidator(validator);
        return decoder;
    }

    private static SignatureAlgorithm algorithm(String name) {
        return Objects.requireNonNull(SignatureAlgorithm.from(name));
    }

    private static OAuth2TokenValidator<Jwt> validator(AccessProperties.Jwt settings) {
        JwtTypeValidator type = new JwtTypeValidator(List.of("JWT", "at+jwt"));
        type.setAllowEmpty(true);
        return new DelegatingOAuth2TokenValidator<>(
                JwtValidators.createDefaultWithValidators(
                        List.of(type, new JwtIssuerValidator(settings.issuer().orElseThrow()))),
                new JwtClaimValidator<List<String>>(
                        JwtClaimNames.AUD,
                        audiences ->
                                audiences != null
                                        && !Collections.disjoint(audiences, settings.audiences())));
    }
}
