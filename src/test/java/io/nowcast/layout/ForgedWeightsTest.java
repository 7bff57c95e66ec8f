package io.nowcast.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.checkpoint.Checkpoint;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files that no training wrote are refused quickly, in little memory, with their keys told. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForgedWeightsTest {

    private static final Map<String, String> STACK =
            Map.of("gates", "i,f,o,g", "forecast", "per-frame");

    @Test
    void readsAKeyOfManyDigits() {
        String digits = "1".repeat(100_000);
        String numbers = "1.".repeat(50_000);
        Checkpoint checkpoint =
                new HandmadeCheckpoint()
                        .with("cell_list.0.conv.weight", 8, 3, 3, 3)
                        .with(digits + ".weight", 1, 2, 1, 1)
                        .with(numbers + "weight", 1, 2, 1, 1)
                        .checkpoint();

        for (String head : new String[] {digits, numbers.substring(0, numbers.length() - 1)}) {
            assertThat(problems(checkpoint, with("head", head))).contains("is unknown");
        }
    }

    @Test
    void readsAFileOfManyTensors() {
        HandmadeCheckpoint weights =
                new HandmadeCheckpoint().with("cell_list.0.conv.weight", 8, 3, 3, 3);
        for (int index = 0; index < 100_000; index++) {
            weights.with("scalar" + index, 1);
        }

        assertThat(problems(weights.checkpoint(), STACK)).contains("'scalar99999' tensor[1] is");
    }

    private static String problems(Checkpoint checkpoint, Map<String, String> choices) {
        return String.join("; ", RecognisedNetwork.read(checkpoint, choices).problems());
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> choices = new HashMap<>(STACK);
        choices.put(name, value);
        return choices;
    }
}
