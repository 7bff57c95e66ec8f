package io.nowcast.checkpoint;

import io.nowcast.checkpoint.PickledValue.Flag;
import io.nowcast.checkpoint.PickledValue.Large;
import io.nowcast.checkpoint.PickledValue.Mapping;
import io.nowcast.checkpoint.PickledValue.Sequence;
import io.nowcast.checkpoint.PickledValue.Storage;
import io.nowcast.checkpoint.PickledValue.Text;
import io.nowcast.checkpoint.PickledValue.Whole;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code torch.save} before PyTorch 1.6: five pickles (magic number, protocol, system, the
 * object, the keys of its storages), then each storage as a 64-bit count and its elements. Source:
 * {@code _legacy_save} in {@code torch/serialization.py}.
 */
final class TorchLegacy {

    private static final Large MAGIC = new Large(new BigInteger("1950a86a20f9469cfc6c", 16));
    private static final Whole PROTOCOL = new Whole(1001);

    private TorchLegacy() {}

    static StoredTensors read(MemorySegment file) {
        ByteCursor cursor = new ByteCursor(file, "torch.save stream");
        require(cursor, MAGIC);
        require(cursor, PROTOCOL);
        requireLittleEndian(cursor);
        Unpickler.Result object = Unpickler.read(cursor);
        Map<String, MemorySegment> contents = storages(cursor, object.storages());
        return WeightsLocator.locate(object.value(), storage -> bytes(contents, storage));
    }

    private static void require(ByteCursor cursor, PickledValue expected) {
        PickledValue value = Unpickler.read(cursor).value();
        if (!value.equals(expected)) {
            throw cursor.malformed("expected %s, got %s".formatted(expected, value.kind()));
        }
    }

    private static void requireLittleEndian(ByteCursor cursor) {
        PickledValue system = Unpickler.read(cursor).value();
        boolean little =
                system instanceof Mapping mapping
                        && mapping.get("little_endian").filter(new Flag(true)::equals).isPresent();
        if (!little) {
            throw new CheckpointException.Unsupported(
                    cursor.at(cursor.position()) + ": expected a little-endian system");
        }
    }

    private static Map<String, MemorySegment> storages(
            ByteCursor cursor, Map<String, Storage> declared) {
        if (!(Unpickler.read(cursor).value() instanceof Sequence keys)) {
            throw cursor.malformed("expected the list of storage keys");
        }
        Map<String, MemorySegment> contents = new HashMap<>();
        for (PickledValue key : keys.items()) {
            Storage storage = key instanceof Text(String text) ? declared.get(text) : null;
            if (storage == null) {
                throw cursor.malformed("a storage nothing refers to");
            }
            long count = cursor.signedLong();
            if (count != storage.count()) {
                throw cursor.malformed("expected %s, got %d".formatted(storage, count));
            }
            if (contents.put(storage.key(), cursor.slice(storage.bytes())) != null) {
                throw cursor.malformed("storage '%s' comes twice".formatted(storage.key()));
            }
        }
        return contents;
    }

    private static MemorySegment bytes(Map<String, MemorySegment> contents, Storage storage) {
        return Optional.ofNullable(contents.get(storage.key()))
                .orElseThrow(() ->
                        new CheckpointException.Malformed(
                                "the stream has no storage '%s'".formatted(storage.key())));
    }
}
