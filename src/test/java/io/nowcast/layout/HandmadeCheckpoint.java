package io.nowcast.layout;

import io.nowcast.checkpoint.Checkpoint;
import io.nowcast.checkpoint.CheckpointReader;
import io.nowcast.network.WeightTensor;
import io.nowcast.testing.NetworkFixture;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** A checkpoint put together by a test; where it gives no values, they count 1, 2, 3 and so on. */
final class HandmadeCheckpoint {

    private final SequencedMap<String, WeightTensor> tensors = new LinkedHashMap<>();

    HandmadeCheckpoint with(String key, int... shape) {
        WeightTensor tensor = WeightTensor.zeros(shape);
        for (int index = 0; index < tensor.values().length; index++) {
            tensor.values()[index] = index + 1;
        }
        return with(key, tensor);
    }

    HandmadeCheckpoint with(String key, WeightTensor tensor) {
        tensors.put(key, tensor);
        return this;
    }

    /** {@code key.weight} of a shape, and {@code key.bias}. */
    HandmadeCheckpoint biased(String key, int out, int... others) {
        int[] shape = new int[others.length + 1];
        shape[0] = out;
        System.arraycopy(others, 0, shape, 1, others.length);
        return with(key + ".weight", shape).with(key + ".bias", out);
    }

    /** As of a file that {@code torch.save} wrote, in the order of the calls. */
    Checkpoint checkpoint() {
        return like("lstm");
    }

    /** As of a safetensors file, which sorts its keys. */
    Checkpoint safetensors() {
        return like("holmdk-f16");
    }

    private Checkpoint like(String fixture) {
        return CheckpointReader.read(NetworkFixture.named(fixture).weights()).with(tensors);
    }
}
