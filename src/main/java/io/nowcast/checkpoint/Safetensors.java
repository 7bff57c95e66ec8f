package io.nowcast.checkpoint;

import io.nowcast.checkpoint.PickledValue.Storage;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Reads safetensors: eight bytes with the length of a JSON header, the header, the tensors. They
 * must fill the rest of the file without a gap or an overlap. Source: the format section of the
 * safetensors README and its {@code tensor.rs}.
 */
final class Safetensors {

    /** The limit of the reference implementation. */
    private static final long LONGEST_HEADER = 100_000_000;

    private Safetensors() {}

    static StoredTensors read(MemorySegment file) {
        ByteCursor cursor = new ByteCursor(file, "safetensors");
        long length = cursor.signedLong();
        if (length < 0 || length > Math.min(LONGEST_HEADER, cursor.remaining())) {
            throw cursor.malformed(
                    "a header of %s bytes, but %d are left and at most %d are read"
                            .formatted(
                                    Long.toUnsignedString(length),
                                    cursor.remaining(),
                                    LONGEST_HEADER));
        }
        List<SafetensorsEntry> entries = SafetensorsHeader.parse(cursor.array(length));
        MemorySegment data = cursor.slice(cursor.remaining());
        requireGapless(entries, data.byteSize());
        SequencedMap<String, TensorView> views = new LinkedHashMap<>();
        Map<String, MemorySegment> contents = new HashMap<>();
        for (SafetensorsEntry entry : entries) {
            views.put(entry.name(), entry.view());
            contents.put(entry.name(), data.asSlice(entry.begin(), entry.end() - entry.begin()));
        }
        return new StoredTensors(Optional.empty(), views, storage -> bytes(contents, storage));
    }

    private static void requireGapless(List<SafetensorsEntry> entries, long size) {
        long reached = 0;
        List<SafetensorsEntry> byOffset =
                entries.stream()
                        .sorted(
                                Comparator.comparingLong(SafetensorsEntry::begin)
                                        .thenComparingLong(SafetensorsEntry::end))
                        .toList();
        for (SafetensorsEntry entry : byOffset) {
            if (entry.begin() != reached) {
                throw new CheckpointException.Malformed(
                        "safetensors: '%s' starts at byte %d of the data, expected %d"
                                .formatted(entry.name(), entry.begin(), reached));
            }
            reached = entry.end();
        }
        if (reached != size) {
            throw new CheckpointException.Malformed(
                    "safetensors: the header describes %d bytes of data, the file has %d"
                            .formatted(reached, size));
        }
    }

    private static MemorySegment bytes(Map<String, MemorySegment> contents, Storage storage) {
        return Optional.ofNullable(contents.get(storage.key())).orElseThrow();
    }
}
