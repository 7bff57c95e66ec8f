package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

/** Header values from RFC 9218 and its ABNF (RFC 8941). */
class CallersTest {

    private static String client(String address) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(address);
        return Callers.of(request).client();
    }

    /** One customer has a network, and must not have its share of the queue many times over. */
    @Test
    void anAddressOfVersion6CountsByItsNetwork() {
        assertThat(client("2001:db8:0:1::1")).isEqualTo(client("2001:db8:0:1:ffff::2"));
        assertThat(client("2001:db8:0:1::1")).isNotEqualTo(client("2001:db8:0:2::1"));
        assertThat(client("192.0.2.1")).isNotEqualTo(client("192.0.2.2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "u=5, i | 5",
                "i, u=1 | 1",
                "u=0 | 0",
                "u=7;x=1 | 7",
                "'' | 3",
                "i | 3",
                "u=8 | 3",
                "u=-1 | 3",
                "u=11 | 3",
                "urgency=1 | 3",
                "qu=1 | 3"
            })
    void readsTheUrgency(String header, int urgency) {
        assertThat(Callers.urgency(header.strip())).isEqualTo(urgency);
    }
}
