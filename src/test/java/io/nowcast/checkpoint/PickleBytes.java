package io.nowcast.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes pickles that no honest program would, instruction by instruction. */
final class PickleBytes {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    PickleBytes() {
        raw(0x80, 2);
    }

    PickleBytes raw(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    /** Instructions that are ASCII characters. */
    PickleBytes ops(String characters) {
        bytes.writeBytes(characters.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    PickleBytes global(String module, String name) {
        return ops("c" + module + "\n" + name + "\n");
    }

    PickleBytes text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        raw('X').int32(utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    /** LONG1 of eight bytes. */
    PickleBytes whole(long value) {
        return raw(0x8a, 8).int64(value);
    }

    PickleBytes wholes(long... values) {
        raw('(');
        for (long value : values) {
            whole(value);
        }
        return raw('t');
    }

    PickleBytes int32(int value) {
        return raw(value, value >>> 8, value >>> 16, value >>> 24);
    }

    PickleBytes int64(long value) {
        return int32((int) value).int32((int) (value >>> 32));
    }

    /** A float32 tensor on the storage of the given key. */
    PickleBytes tensor(String key, long count, long offset, long[] shape, long[] strides) {
        global("torch._utils", "_rebuild_tensor_v2").raw('(');
        storage("FloatStorage", key, count);
        return whole(offset).wholes(shape).wholes(strides).raw(0x89).ops(")tR");
    }

    PickleBytes storage(String type, String key, long count) {
        return ops("(").text("storage")
                .global("torch", type)
                .text(key)
                .text("cpu")
                .whole(count)
                .ops("tQ");
    }

    byte[] stop() {
        return raw('.').bytes.toByteArray();
    }
}
