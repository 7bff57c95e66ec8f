package io.nowcast.fuzzing;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.layout.RecognisedNetwork;
import io.nowcast.network.WeightTensor;
import io.nowcast.testing.NetworkFixture;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A checkpoint's keys as text, so that a mutation makes another network and not a broken file: a
 * line {@code KEY SIZE SIZE ...} for each tensor, of zeros, and {@code NAME=VALUE} for each choice
 * of a manifest.
 */
final class LayoutInput {

    private static final Checkpoint FILE =
            CheckpointReader.read(NetworkFixture.named("gru").weights());

    private static final long MOST_VALUES = 1 << 16;

    private LayoutInput() {}

    /** What a fixture has. */
    static String text(NetworkFixture fixture) {
        StringBuilder text = new StringBuilder();
        CheckpointReader.read(fixture.weights())
                .tensors()
                .forEach((key, tensor) -> {
                    text.append(key);
                    for (int size : tensor.shape()) {
                        text.append(' ').append(size);
                    }
                    text.append('\n');
                });
        fixture.choices().forEach((name, value) -> text.append(name + "=" + value).append('\n'));
        return text.toString();
    }

    /** Whether the network is recognised; a line that makes no sense is left out. */
    static boolean text(String text) {
        SequencedMap<String, WeightTensor> tensors = new LinkedHashMap<>();
        Map<String, String> choices = new HashMap<>();
        long left = MOST_VALUES;
        for (String line : text.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals >= 0) {
                choices.put(line.substring(0, equals), line.substring(equals + 1));
            } else if (line.matches("[^ ]+( [0-9]{1,9}){0,6}")) {
                String[] parts = line.split(" ", -1);
                int[] shape = new int[parts.length - 1];
                long values = 1;
                for (int index = 0; index < shape.length; index++) {
                    shape[index] = Integer.parseInt(parts[index + 1]);
                    values = Math.min(values * shape[index], MOST_VALUES + 1);
                }
                if (values <= left) {
                    left -= values;
                    tensors.put(parts[0], WeightTensor.zeros(shape));
                }
            }
        }
        if (tensors.isEmpty()) {
            return false;
        }
        RecognisedNetwork.in(FILE.with(tensors), choices);
        return true;
    }
}
