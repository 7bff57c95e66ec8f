package io.nowcast.torchscript;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes the opcodes of a <a href="https://peps.python.org/pep-0307/">protocol 2 pickle</a> that a
 * TorchScript archive needs. Nothing is memoised: an archive holds a tree.
 */
final class PickleWriter {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    PickleWriter() {
        bytes.write(0x80);
        bytes.write(2);
    }

    PickleWriter global(String module, String name) {
        bytes.write('c');
        bytes.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    PickleWriter string(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        bytes.write('X');
        int32(encoded.length);
        bytes.writeBytes(encoded);
        return this;
    }

    PickleWriter integer(int value) {
        bytes.write('J');
        int32(value);
        return this;
    }

    PickleWriter bool(boolean value) {
        bytes.write(value ? 0x88 : 0x89);
        return this;
    }

    PickleWriter emptyTuple() {
        bytes.write(')');
        return this;
    }

    PickleWriter emptyDictionary() {
        bytes.write('}');
        return this;
    }

    /** Opens a tuple or a run of items that {@link #tuple} or {@link #setItems} closes. */
    PickleWriter mark() {
        bytes.write('(');
        return this;
    }

    PickleWriter tuple() {
        bytes.write('t');
        return this;
    }

    PickleWriter integers(int[] values) {
        mark();
        for (int value : values) {
            integer(value);
        }
        return tuple();
    }

    PickleWriter setItems() {
        bytes.write('u');
        return this;
    }

    PickleWriter persistentId() {
        bytes.write('Q');
        return this;
    }

    PickleWriter reduce() {
        bytes.write('R');
        return this;
    }

    PickleWriter newObject() {
        bytes.write(0x81);
        return this;
    }

    PickleWriter build() {
        bytes.write('b');
        return this;
    }

    byte[] stop() {
        bytes.write('.');
        return bytes.toByteArray();
    }

    private void int32(int value) {
        bytes.writeBytes(
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(value)
                        .array());
    }
}
