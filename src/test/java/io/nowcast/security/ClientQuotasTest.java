package io.nowcast.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What a client may have, by a clock of the test's own. */
class ClientQuotasTest {

    private final List<AccessListener.Reason> refused = new ArrayList<>();
    private long nanoTime = 1_000_000_000_000L;

    private ClientQuotas quotas(long requests, long pixels, int clients) {
        return new ClientQuotas(
                new QuotaProperties(requests, pixels, Duration.ofMinutes(1), clients),
                () -> nanoTime,
                new AccessListener() {
                    @Override
                    public void refused(Reason reason) {
                        refused.add(reason);
                    }

                    @Override
                    public void keysRead(int keys, boolean broken) {
                        throw new AssertionError("no keys here");
                    }
                });
    }

    private static MockHttpServletRequest from(String address) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/forecast");
        request.setRemoteAddr(address);
        return request;
    }

    private static MockHttpServletRequest by(String name) {
        MockHttpServletRequest request = from("192.0.2.1");
        request.setUserPrincipal(() -> name);
        return request;
    }

    private static MockHttpServletResponse admit(
            ClientQuotas quotas, MockHttpServletRequest request) {
        MockHttpServletResponse response = new MockHttpServletResponse();
        quotas.admit(request, response);
        return response;
    }

    private void pass(Duration time) {
        nanoTime += time.toNanos();
    }

    @Test
    void requestsComeBackEvenly() {
        ClientQuotas quotas = quotas(6, 0, 10);

        MockHttpServletResponse first = admit(quotas, by("a"));
        assertThat(first.getHeader("RateLimit-Policy"))
                .isEqualTo("\"requests\";q=6;w=60;qu=\"requests\"");
        assertThat(first.getHeader("RateLimit")).isEqualTo("\"requests\";r=5;t=10");
        for (int request = 1; request < 6; request++) {
            admit(quotas, by("a"));
        }
        AccessException.QuotaExceeded problem =
                catchThrowableOfType(
                        AccessException.QuotaExceeded.class, () -> admit(quotas, by("a")));
        assertThat(problem.retryAfter()).isEqualTo(Duration.ofSeconds(10));
        assertThat(problem).hasMessageContaining("nowcast.quota.requests");
        assertThat(refused).containsExactly(AccessListener.Reason.QUOTA);

        pass(Duration.ofSeconds(10));
        assertThat(admit(quotas, by("a")).getHeader("RateLimit"))
                .isEqualTo("\"requests\";r=0;t=60");
    }

    @Test
    void pixelsAreTakenOnceTheyAreKnown() {
        ClientQuotas quotas = quotas(0, 1000, 10);
        MockHttpServletResponse response = new MockHttpServletResponse();

        admit(quotas, by("a"));
        quotas.charge(by("a"), response, 700);
        assertThat(response.getHeader("RateLimit")).isEqualTo("\"pixels\";r=300;t=42");
        assertThatThrownBy(() -> quotas.charge(by("a"), response, 301))
                .isInstanceOf(AccessException.QuotaExceeded.class)
                .hasMessageContaining("300 left of 1000");
        quotas.charge(by("a"), response, 300);
        // Nothing is left: the next is refused before its body is read.
        assertThatThrownBy(() -> admit(quotas, by("a")))
                .isInstanceOf(AccessException.QuotaExceeded.class);
        assertThatThrownBy(() -> quotas.charge(by("b"), response, 1001))
                .isInstanceOf(AccessException.BeyondQuota.class)
                .hasMessageContaining("nowcast.quota.pixels");
    }

    @Test
    void eachClientHasItsOwn() {
        ClientQuotas quotas = quotas(1, 0, 10);

        admit(quotas, by("a"));
        admit(quotas, by("b"));
        admit(quotas, from("192.0.2.1"));
        admit(quotas, from("192.0.2.2"));
        admit(quotas, from("2001:db8:1:2::1"));
        admit(quotas, from("2001:db8:1:3::1"));
        // A customer has a network of IPv6 addresses, and is one client.
        assertThatThrownBy(() -> admit(quotas, from("2001:db8:1:2:ffff::9")))
                .isInstanceOf(AccessException.QuotaExceeded.class);
        // Nobody gets an allowance of another kind by a name that looks like an address.
        admit(quotas, by("192.0.2.1"));
    }

    /** However many clients there are, no more are remembered; forgotten ones begin anew. */
    @Test
    void theMemoryOfClientsIsBounded() {
        ClientQuotas quotas = quotas(1, 0, 100);
        int again = 0;
        for (int client = 0; client < 5000; client++) {
            admit(quotas, by("client-" + client));
        }
        for (int client = 0; client < 5000; client++) {
            try {
                admit(quotas, by("client-" + client));
                again++;
            } catch (AccessException.QuotaExceeded _) {
                // Remembered.
            }
        }
        assertThat(again).isGreaterThanOrEqualTo(4900);
    }

    @Test
    void withoutQuotasThereAreNoHeaders() {
        assertThat(admit(quotas(0, 0, 10), by("a")).getHeaderNames()).isEmpty();
    }
}
