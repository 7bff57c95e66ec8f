package io.nowcast.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.checkpoint.Checkpoint;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** 64 layers of a state of 1000 channels, each of which misses 15 gates of a million values. */
    @Test
    void makesUpNoMoreThanTheFileHolds() {
        HandmadeCheckpoint weights = new HandmadeCheckpoint().with("padding", 1000, 1000);
        for (int layer = 0; layer < 64; layer++) {
            weights.with("cell" + layer + ".Wxi.weight", 1000, 1, 1, 1);
        }
        Checkpoint checkpoint = weights.checkpoint();

        long before = allocated();
        String problems = problems(checkpoint, Map.of("forecast", "per-frame"));

        assertThat(allocated() - before).isLessThan(64 << 20);
        assertThat(problems).contains("more is missing than the file holds");
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    @Test
    void refusesTensorsWithoutValues() {
        Checkpoint state =
                new HandmadeCheckpoint()
                        .with("weight_ih_l0", 4, 1)
                        .with("weight_hh_l0", 4, 0)
                        .checkpoint();
        Checkpoint patches =
                new HandmadeCheckpoint()
                        .with("cell_list.0.conv_x.0.weight", 0, 2_147_400_000, 1, 1)
                        .with("cell_list.0.conv_h.0.weight", 8, 2, 3, 3)
                        .checkpoint();

        assertThat(problems(state, Map.of("forecast", "per-frame")))
                .contains("'weight_hh_l0' has shape [4, 0]: it holds no values");
        assertThat(problems(patches, Map.of()))
                .contains("'cell_list.0.conv_x.0.weight' has shape [0, 2147400000, 1, 1]");
    }

    /** Each level halves the grid: 2^31 and more overflowed. */
    @ParameterizedTest
    @ValueSource(ints = {17, 31, 32, 40})
    void refusesALadderThatNoFrameIsLargeEnoughFor(int levels) {
        HandmadeCheckpoint weights = new HandmadeCheckpoint();
        for (int level = 0; level < levels; level++) {
            String cell = "convlstm_" + (2 * level + 1) + ".0.conv";
            normalised(weights, "encoder.conv_" + 2 * level, 1, 1, 3);
            normalised(weights, "encoder." + cell, 4, 2, 3);
            normalised(weights, "decoder.deconv_" + 2 * level, 1, 1, 4);
            normalised(weights, "decoder." + cell, 4, 3, 3);
        }
        normalised(weights, "decoder.conv_" + 2 * levels, 1, 1, 1);

        assertThat(problems(weights.checkpoint(), Map.of()))
                .contains("1/65536 of the frame's resolution");
    }

    private static void normalised(
            HandmadeCheckpoint weights, String key, int out, int in, int kernel) {
        weights.with(key + ".0.weight", out, in, kernel, kernel);
        for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
            weights.with(key + ".1." + part, out);
        }
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
