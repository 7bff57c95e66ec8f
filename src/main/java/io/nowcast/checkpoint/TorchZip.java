package io.nowcast.checkpoint;

import io.nowcast.checkpoint.PickledValue.Storage;
import java.lang.foreign.MemorySegment;

/**
 * Reads {@code torch.save} since PyTorch 1.6: {@code data.pkl} describes the object and {@code
 * data/<key>} holds each storage. Source: {@code _save} in {@code torch/serialization.py}.
 */
final class TorchZip {

    private TorchZip() {}

    static StoredTensors read(MemorySegment file) {
        TorchArchive archive = TorchArchive.open(file);
        if (archive.isTorchScript()) {
            throw new CheckpointException.Unsupported(
                    "a TorchScript program, not a checkpoint: give it to the engine as it is");
        }
        if (archive.has("byteorder") && !archive.text("byteorder").equals("little")) {
            throw new CheckpointException.Unsupported(
                    "expected little-endian storages, but the archive says '%s'"
                            .formatted(archive.text("byteorder")));
        }
        PickledValue root = Unpickler.read(archive.pickle()).value();
        return WeightsLocator.locate(root, storage -> bytes(archive, storage));
    }

    private static MemorySegment bytes(TorchArchive archive, Storage storage) {
        MemorySegment bytes = archive.bytes("data/" + storage.key());
        if (bytes.byteSize() != storage.bytes()) {
            throw new CheckpointException.Malformed(
                    "entry data/%s: expected %d elements of %s in %d bytes, got %d bytes"
                            .formatted(
                                    storage.key(),
                                    storage.count(),
                                    storage.type(),
                                    storage.bytes(),
                                    bytes.byteSize()));
        }
        return bytes;
    }
}
