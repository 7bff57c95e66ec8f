package io.nowcast.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What DataParallel, Lightning and {@code torch.compile} put before keys. */
class KeyPrefixTest {

    @ParameterizedTest
    @CsvSource({
        "_orig_mod.",
        "module._orig_mod.",
        "_orig_mod.module.",
        "model._orig_mod.module.",
        "module.model."
    })
    void takesTheWrappersInAnyOrder(String prefix) {
        assertThat(KeyPrefix.of(List.of(prefix + "conv.weight", prefix + "conv.bias")))
                .isEqualTo(prefix);
    }

    @Test
    void looksPastTheCounterOfAnAveragedModel() {
        assertThat(KeyPrefix.of(List.of("n_averaged", "module.conv.weight"))).isEqualTo("module.");
        assertThat(KeyPrefix.of(List.of("n_averaged"))).isEmpty();
    }

    @Test
    void takesWhatAllKeysShareOnly() {
        assertThat(KeyPrefix.of(List.of("module.conv.weight", "head.weight"))).isEmpty();
        assertThat(KeyPrefix.of(List.of("module.module.a", "module.module.b")))
                .isEqualTo("module.");
    }
}
