package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Access in mode {@code jwt}: tokens of an issuer whose keys are at an address. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "nowcast.devices=cpu",
            "nowcast.security.mode=jwt",
            "nowcast.security.jwt.issuer=https://issuer.example",
            "nowcast.security.jwt.audiences=nowcast",
            "nowcast.security.open-description=false",
            "logging.level.org.springframework.security=trace",
            "logging.level.org.springframework.web=debug",
            "logging.level.io.nowcast=trace"
        })
@ExtendWith(OutputCaptureExtension.class)
class TokenAccessTest {

    private static final RSAKey KEY = generate();
    private static final RSAKey OTHER = generate();
    private static final HttpServer ISSUER = issuer();

    @LocalServerPort private int port;

    @DynamicPropertySource
    static void keys(DynamicPropertyRegistry properties) {
        properties.add(
                "nowcast.security.jwt.jwk-set-uri",
                () -> "http://127.0.0.1:%d/keys".formatted(ISSUER.getAddress().getPort()));
    }

    @AfterAll
    static void stop() {
        ISSUER.stop(0);
    }

    private static RSAKey generate() {
        try {
            return new RSAKeyGenerator(2048).keyID("one").generate();
        } catch (JOSEException problem) {
            throw new IllegalStateException(problem);
        }
    }

    private static HttpServer issuer() {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            byte[] keys = new JWKSet(KEY.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
            server.createContext(
                    "/keys",
                    exchange -> {
                        exchange.sendResponseHeaders(200, keys.length);
                        exchange.getResponseBody().write(keys);
                        exchange.close();
                    });
            server.start();
            return server;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static JWTClaimsSet claims(Consumer<JWTClaimsSet.Builder> changes) {
        JWTClaimsSet.Builder claims =
                new JWTClaimsSet.Builder()
                        .issuer("https://issuer.example")
                        .audience(List.of("other", "nowcast"))
                        .subject("forecaster")
                        .claim("scope", "forecast")
                        .expirationTime(Date.from(Instant.now().plusSeconds(600)));
        changes.accept(claims);
        return claims.build();
    }

    private static List<String> token(
            RSAKey key, String type, Consumer<JWTClaimsSet.Builder> changes) {
        try {
            SignedJWT token =
                    new SignedJWT(
                            new JWSHeader.Builder(JWSAlgorithm.RS256)
                                    .type(new JOSEObjectType(type))
                                    .keyID("one")
                                    .build(),
                            claims(changes));
            token.sign(new RSASSASigner(key));
            return List.of("Authorization", "Bearer " + token.serialize());
        } catch (JOSEException problem) {
            throw new IllegalStateException(problem);
        }
    }

    private static List<String> token(Consumer<JWTClaimsSet.Builder> changes) {
        return token(KEY, "JWT", changes);
    }

    /** Signed with the public key as if it were a secret: an old trick on decoders. */
    private static List<String> confused() {
        try {
            SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims(_ -> {}));
            token.sign(new MACSigner(KEY.toRSAPublicKey().getEncoded()));
            return List.of("Authorization", "Bearer " + token.serialize());
        } catch (JOSEException problem) {
            throw new IllegalStateException(problem);
        }
    }

    @Test
    void eachTokenOpensWhatItsScopesSayAndNoneIsInTheLog(CapturedOutput output) {
        Map<String, List<String>> tokens =
                Map.ofEntries(
                        Map.entry("nobody", List.of()),
                        Map.entry("forged", token(OTHER, "JWT", _ -> {})),
                        Map.entry(
                                "unsigned",
                                List.of(
                                        "Authorization",
                                        "Bearer " + new PlainJWT(claims(_ -> {})).serialize())),
                        Map.entry("confused", confused()),
                        Map.entry(
                                "ended",
                                token(claims ->
                                        claims.expirationTime(
                                                Date.from(Instant.now().minusSeconds(600))))),
                        Map.entry("issuer", token(claims -> claims.issuer("https://evil.example"))),
                        Map.entry("audience", token(claims -> claims.audience("other"))),
                        Map.entry("noaud", token(claims -> claims.audience((String) null))),
                        Map.entry("noscope", token(claims -> claims.claim("scope", null))),
                        Map.entry("forecast", token(_ -> {})),
                        Map.entry("at+jwt", token(KEY, "at+jwt", _ -> {})),
                        Map.entry("models", token(claims -> claims.claim("scope", "models:read"))),
                        Map.entry("admin", token(claims -> claims.claim("scope", "admin"))));
        AccessTable.of(
                        """
                        method path                               nobody forged unsigned confused ended issuer audience noaud noscope forecast at+jwt models admin
                        POST   /forecast                          401    401    401      401      401   401    401      401   403     200      200    403    403
                        POST   /v2/models/radar-convgru/infer     401    401    401      401      401   401    401      401   403     400      400    403    403
                        GET    /models                            401    401    401      401      401   401    401      401   403     403      403    200    403
                        GET    /v2/models/radar-convgru           401    401    401      401      401   401    401      401   403     403      403    200    403
                        GET    /v2/health/live                    200    401    401      401      401   401    401      401   200     200      200    200    200
                        GET    /actuator/health/liveness          200    401    401      401      401   401    401      401   200     200      200    200    200
                        GET    /actuator/health/readiness         200    401    401      401      401   401    401      401   200     200      200    200    200
                        GET    /actuator/health                   401    401    401      401      401   401    401      401   403     403      403    403    200
                        GET    /actuator/prometheus               401    401    401      401      401   401    401      401   403     403      403    403    200
                        GET    /actuator                          401    401    401      401      401   401    401      401   403     403      403    403    200
                        POST   /admin/models/radar-convgru/reload 401    401    401      401      401   401    401      401   403     403      403    403    200
                        POST   /admin/models/nothing/rollback     401    401    401      401      401   401    401      401   403     403      403    403    404
                        GET    /v3/api-docs                       401    401    401      401      401   401    401      401   200     200      200    200    200
                        GET    /nothing                           401    401    401      401      401   401    401      401   404     404      404    404    404
                        """)
                .check(new ServiceClient(port), tokens);

        assertThat(output).contains("TRACE").contains("FilterChainProxy");
        tokens.values().stream()
                .flatMap(List::stream)
                .filter(value -> value.startsWith("Bearer "))
                .map(value -> value.substring("Bearer ".length()))
                .forEach(token ->
                        assertThat(output.getAll().contains(token))
                                .as("a token is in the log")
                                .isFalse());
    }

    @Test
    void refusalsSayWhatIsMissing() {
        ServiceClient service = new ServiceClient(port);
        Answer scope = service.get("/models", token(_ -> {}).toArray(String[]::new));

        assertThat(scope.header("WWW-Authenticate"))
                .contains("error=\"insufficient_scope\"", "scope=\"models:read\"");
        assertThat(scope.json().get("detail").asString()).contains("models:read");
        assertThat(
                        service.get("/models", "Authorization", "Bearer nonsense")
                                .header("WWW-Authenticate"))
                .contains("error=\"invalid_token\"");
    }
}
