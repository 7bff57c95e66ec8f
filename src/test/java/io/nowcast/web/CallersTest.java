package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Header values from RFC 9218 and its ABNF (RFC 8941). */
class CallersTest {

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
