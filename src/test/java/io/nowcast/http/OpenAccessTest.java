package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Access in mode {@code none}, and the headers that every answer has. */
class OpenAccessTest extends ServiceTest {

    @Test
    void whoeverAsksIsServedAndSteersNothing() {
        AccessTable.of(
                        """
                        method path                                nobody key
                        POST   /forecast                           200    200
                        POST   /v2/models/radar-convgru/infer      400    400
                        GET    /models                             200    200
                        GET    /models/radar-convgru               200    200
                        GET    /v2                                 200    200
                        GET    /v2/health/live                     200    200
                        GET    /actuator/health                    200    200
                        GET    /actuator/health/liveness           200    200
                        GET    /actuator/prometheus                200    200
                        GET    /v3/api-docs                        200    200
                        POST   /admin/models/radar-convgru/reload  403    403
                        POST   /admin/models/nothing/rollback      403    403
                        GET    /nothing                            404    404
                        """)
                .check(
                        service(),
                        Map.of(
                                "nobody",
                                List.of(),
                                "key",
                                List.of("Authorization", "Bearer whatever")));
    }

    @Test
    void answersHaveTheHeadersThatBrowsersObey() {
        for (String path : new String[] {"/models", "/nothing", "/swagger-ui/index.html"}) {
            Answer answer = service().get(path);
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.header("Content-Security-Policy"))
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'");
            // Only over TLS: RFC 6797, section 7.2.
            assertThat(answer.header("Strict-Transport-Security")).isEmpty();
            assertThat(answer.header("Set-Cookie")).isEmpty();
        }
    }

    /**
     * All that the page loads is its own and none of it is inline script, which the policy forbids.
     */
    @Test
    void thePageOfTheDescriptionWorksUnderThePolicy() {
        String page = service().get("/swagger-ui/index.html").text();

        assertThat(page).contains("<script src=\"./swagger-ui-bundle.js\"");
        assertThat(page.replaceAll("<script src=\"\\./[^\"]+\"[^>]*>\\s*</script>", ""))
                .doesNotContain("<script")
                .doesNotContain("http://", "https://", "onload=");
        for (String file :
                new String[] {"swagger-ui-bundle.js", "swagger-initializer.js", "index.css"}) {
            assertThat(service().get("/swagger-ui/" + file).status()).isEqualTo(200);
        }
    }

    @Test
    void noOtherPageMayReadAnswers() {
        Answer asked = service().get("/models", "Origin", "https://elsewhere.example");

        assertThat(asked.header("Access-Control-Allow-Origin")).isEmpty();
    }
}
