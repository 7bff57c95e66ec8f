package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.security.AccessScope;
import io.nowcast.security.NewApiKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * Access in mode {@code api-key}, with an actuator on a port of its own, an origin that may ask,
 * and everything in the log that Spring Security has to say.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "nowcast.devices=cpu",
            "nowcast.security.mode=api-key",
            "nowcast.security.keys.refresh=20ms",
            "nowcast.security.open-management-port=true",
            "nowcast.security.cors.origins=https://radar.example",
            "management.server.port=0",
            "logging.level.org.springframework.security=trace",
            "logging.level.org.springframework.web=debug",
            "logging.level.io.nowcast=trace"
        })
@ExtendWith(OutputCaptureExtension.class)
@Timeout(300)
class ApiKeyAccessTest {

    private static final NewApiKey FORECAST = key("forecaster", AccessScope.FORECAST);
    private static final NewApiKey MODELS = key("lister", AccessScope.MODELS_READ);
    private static final NewApiKey ADMIN = key("operator", AccessScope.ADMIN);
    private static final NewApiKey ENDED =
            NewApiKey.make("past", EnumSet.allOf(AccessScope.class), Optional.of("2020-01-01"));
    private static final NewApiKey UNKNOWN = key("stranger", AccessScope.FORECAST);
    private static final Path FILE = file();

    @LocalServerPort private int port;
    @LocalManagementPort private int managementPort;

    @DynamicPropertySource
    static void keys(DynamicPropertyRegistry properties) {
        properties.add("nowcast.security.keys.file", FILE::toString);
    }

    private static NewApiKey key(String name, AccessScope scope) {
        return NewApiKey.make(name, EnumSet.of(scope), Optional.empty());
    }

    private static Path file() {
        try {
            Path file = Files.createTempDirectory("nowcast-keys").resolve("keys");
            Files.write(file, lines());
            return file;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static List<String> lines() {
        return List.of("# clients", FORECAST.line(), MODELS.line(), ADMIN.line(), ENDED.line());
    }

    private ServiceClient service() {
        return new ServiceClient(port);
    }

    private static List<String> bearer(NewApiKey key) {
        return List.of("Authorization", "Bearer " + key.key());
    }

    private static Map<String, List<String>> credentials() {
        return Map.of(
                "nobody",
                List.of(),
                "unknown",
                bearer(UNKNOWN),
                "ended",
                bearer(ENDED),
                "basic",
                List.of("Authorization", "Basic Zm9yZWNhc3Rlcjp4"),
                "forecast",
                bearer(FORECAST),
                "header",
                List.of("X-API-Key", FORECAST.key()),
                "models",
                bearer(MODELS),
                "admin",
                bearer(ADMIN),
                "both",
                List.of("X-API-Key", FORECAST.key(), "Authorization", "Bearer " + FORECAST.key()));
    }

    @Test
    void eachKeyOpensWhatItsScopesSayAndNoKeyIsInTheLog(CapturedOutput output) {
        AccessTable.of(
                        """
                        method path                                       nobody unknown ended basic both forecast header models admin
                        POST   /forecast                                  401    401     401   401   401  200      200    403    403
                        POST   /v2/models/radar-convgru/infer             401    401     401   401   401  400      400    403    403
                        POST   /v2/models/radar-convgru/versions/1/infer  401    401     401   401   401  400      400    403    403
                        GET    /models                                    401    401     401   401   401  403      403    200    403
                        GET    /models/radar-convgru                      401    401     401   401   401  403      403    200    403
                        GET    /v2                                        401    401     401   401   401  403      403    200    403
                        GET    /v2/models/radar-convgru                   401    401     401   401   401  403      403    200    403
                        GET    /v2/models/radar-convgru/ready             401    401     401   401   401  403      403    200    403
                        GET    /v2/health/live                            200    401     401   200   401  200      200    200    200
                        GET    /v2/health/ready                           200    401     401   200   401  200      200    200    200
                        GET    /v3/api-docs                               200    401     401   200   401  200      200    200    200
                        GET    /swagger-ui/index.html                     200    401     401   200   401  200      200    200    200
                        POST   /admin/models/radar-convgru/reload         401    401     401   401   401  403      403    403    200
                        POST   /admin/models/nothing/reload               401    401     401   401   401  403      403    403    404
                        POST   /admin/models/nothing/rollback             401    401     401   401   401  403      403    403    404
                        POST   /admin/models/radar-convgru/rollback       401    401     401   401   401  403      403    403    200
                        GET    /actuator/prometheus                       401    401     401   401   401  403      403    403    404
                        GET    /nothing                                   401    401     401   401   401  404      404    404    404
                        GET    /error                                     401    401     401   401   401  404      404    404    404
                        """)
                .check(service(), credentials());

        assertThat(output).contains("TRACE").contains("FilterChainProxy");
        for (NewApiKey key : List.of(FORECAST, MODELS, ADMIN, ENDED, UNKNOWN)) {
            assertThat(output.getAll().contains(key.key())).as("a key is in the log").isFalse();
        }
    }

    @Test
    void theOpenManagementPortNeedsNoKeyAndHasNothingElse() {
        AccessTable.of(
                        """
                        method path                       nobody
                        GET    /actuator                  200
                        GET    /actuator/health           200
                        GET    /actuator/health/liveness  200
                        GET    /actuator/health/readiness 200
                        GET    /actuator/prometheus       200
                        GET    /models                    401
                        """)
                .check(new ServiceClient(managementPort), credentials());
    }

    @Test
    void refusalsAreMetered() {
        service().get("/models");

        assertThat(new ServiceClient(managementPort).get("/actuator/prometheus").text())
                .contains("nowcast_access_refused_total{reason=\"unauthenticated\"}")
                .contains("nowcast_access_keys_broken 0");
    }

    @Test
    void keysChangeWithoutARestart() throws IOException {
        NewApiKey next = key("lister", AccessScope.MODELS_READ);
        Path draft = FILE.resolveSibling("draft");
        try {
            Files.write(draft, List.of(MODELS.line(), next.line(), FORECAST.line()));
            Files.move(draft, FILE, StandardCopyOption.ATOMIC_MOVE);
            awaitStatus(200, next);
            assertThat(statusOf(MODELS)).isEqualTo(200);

            Files.write(draft, List.of(next.line()));
            Files.move(draft, FILE, StandardCopyOption.ATOMIC_MOVE);
            awaitStatus(401, MODELS);
            assertThat(statusOf(next)).isEqualTo(200);

            // A broken file changes nothing, and can be seen.
            Files.writeString(draft, "lister forecast");
            Files.move(draft, FILE, StandardCopyOption.ATOMIC_MOVE);
            ServiceClient management = new ServiceClient(managementPort);
            while (!management
                    .get("/actuator/prometheus")
                    .text()
                    .contains("nowcast_access_keys_broken 1")) {
                assertThat(statusOf(next)).isEqualTo(200);
            }
            assertThat(statusOf(next)).isEqualTo(200);
        } finally {
            Files.write(FILE, lines());
            awaitStatus(200, MODELS);
        }
    }

    private int statusOf(NewApiKey key) {
        return service().get("/models", bearer(key).toArray(String[]::new)).status();
    }

    /** By asking until it is so; the test's time limit ends what never becomes so. */
    private void awaitStatus(int status, NewApiKey key) {
        while (statusOf(key) != status) {
            Thread.onSpinWait();
        }
    }

    @Test
    void onlyTheConfiguredOriginMayAsk() {
        Answer good =
                service()
                        .get(
                                "/models",
                                "Authorization",
                                "Bearer " + MODELS.key(),
                                "Origin",
                                "https://radar.example");
        Answer other =
                service()
                        .get(
                                "/models",
                                "Authorization",
                                "Bearer " + MODELS.key(),
                                "Origin",
                                "https://elsewhere.example");

        assertThat(good.status()).isEqualTo(200);
        assertThat(good.header("Access-Control-Allow-Origin")).isEqualTo("https://radar.example");
        assertThat(good.header("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(good.header("Access-Control-Expose-Headers"))
                .contains("Nowcast-Model", "Nowcast-Tiles");
        assertThat(other.status()).isEqualTo(403);
        assertThat(other.header("Access-Control-Allow-Origin")).isEmpty();
    }
}
