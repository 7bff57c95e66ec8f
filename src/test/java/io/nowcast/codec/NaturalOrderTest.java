package io.nowcast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {

    @Test
    void ordersNumbersByValue() {
        List<String> ordered =
                List.of(
                        "+0150s.png",
                        "+0300s.png",
                        "a/f2.png",
                        "a/f10.png",
                        "a/f10b.png",
                        "f1_2.png",
                        "f1_10.png",
                        "f02.png",
                        "f2.png",
                        "f99999999999999999999.png",
                        "f100000000000000000000.png",
                        "g",
                        "g1");

        List<String> sorted = ordered.reversed().stream().sorted(NaturalOrder::compare).toList();

        assertThat(sorted).isEqualTo(ordered);
    }
}
