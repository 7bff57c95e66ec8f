package io.nowcast.checkpoint;

import io.nowcast.checkpoint.PickledValue.Storage;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The weights of a file before anything is copied, and where their bytes are.
 *
 * @param wrapper the entry of the outer dictionary that held them, if there was one
 * @param views by key as in the file, in file order
 */
record StoredTensors(
        Optional<String> wrapper, SequencedMap<String, TensorView> views, Storages storages) {

    /** Finds the bytes of a storage. */
    @FunctionalInterface
    interface Storages {
        /**
         * Exactly the bytes that the storage declares.
         *
         * @throws CheckpointException.Malformed if the file has fewer, more or none
         */
        MemorySegment bytes(Storage storage);
    }
}
