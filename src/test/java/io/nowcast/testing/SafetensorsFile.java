package io.nowcast.testing;

import io.nowcast.network.WeightTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.StringJoiner;

/** Writes tensors as safetensors: a JSON header with its length before it, then raw float32. */
public final class SafetensorsFile {

    private SafetensorsFile() {}

    public static void write(Path file, Map<String, WeightTensor> tensors) throws IOException {
        StringJoiner header = new StringJoiner(",", "{", "}");
        int end = 0;
        for (Map.Entry<String, WeightTensor> entry : tensors.entrySet()) {
            int start = end;
            end += entry.getValue().values().length * Float.BYTES;
            header.add(
                    "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(
                                    entry.getKey(),
                                    Arrays.toString(entry.getValue().shape()).replace(" ", ""),
                                    start,
                                    end));
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES + json.length + end)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json);
        for (WeightTensor tensor : tensors.values()) {
            for (float value : tensor.values()) {
                bytes.putFloat(value);
            }
        }
        Files.write(file, bytes.array());
    }
}
