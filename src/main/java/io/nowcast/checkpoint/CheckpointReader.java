package io.nowcast.checkpoint;

import io.nowcast.network.WeightTensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Reads the tensors that training left behind, in whatever format they are.
 *
 * <p>Safe on a hostile file: nothing that it names is run, and memory is bounded by its size. The
 * file must not be overwritten in place meanwhile; replace it by a rename.
 */
public final class CheckpointReader {

    private static final String BATCH_COUNTER = "num_batches_tracked";

    private CheckpointReader() {}

    /**
     * Reads a file of weights; the format is told by its first bytes.
     *
     * @throws CheckpointException with the reason if the file is refused
     */
    public static Checkpoint read(Path file) {
        try (MappedFile mapped = MappedFile.open(file)) {
            return read(mapped.bytes());
        }
    }

    /**
     * Reads the files of a network that was saved in parts. The keys of a part begin with its name
     * and a dot; the only part {@code ""} is a file like any other.
     *
     * @throws CheckpointException with the reason if a file is refused
     */
    public static Checkpoint read(SequencedMap<String, Path> files) {
        if (files.size() == 1 && files.containsKey("")) {
            return read(files.firstEntry().getValue());
        }
        SequencedMap<String, WeightTensor> tensors = new LinkedHashMap<>();
        List<String> ignored = new ArrayList<>();
        StringBuilder digests = new StringBuilder();
        CheckpointFormat format = CheckpointFormat.PYTORCH_ZIP;
        for (Map.Entry<String, Path> file : files.entrySet()) {
            String part = file.getKey() + ".";
            Checkpoint read = read(file.getValue());
            read.tensors().forEach((key, tensor) -> tensors.put(part + key, tensor));
            read.ignored().forEach(key -> ignored.add(part + key));
            digests.append(file.getKey()).append(' ').append(read.digest()).append('\n');
            format = read.format();
        }
        return new Checkpoint(
                tensors, format, Sha256.of(digests.toString()), Optional.empty(), "", ignored);
    }

    static Checkpoint read(MemorySegment file) {
        CheckpointFormat format = CheckpointFormat.detect(file);
        StoredTensors stored =
                switch (format) {
                    case PYTORCH_ZIP, TORCHSCRIPT -> TorchZip.read(file);
                    case PYTORCH_LEGACY -> TorchLegacy.read(file);
                    case SAFETENSORS -> Safetensors.read(file);
                };
        requireProportionate(stored, file.byteSize());
        return checkpoint(stored, format, Sha256.of(file));
    }

    /**
     * Tensors may share a storage, or repeat an element by a stride of zero. A tensor has no more
     * values than its bytes in an honest file; a forged one could ask for any amount of memory.
     */
    private static void requireProportionate(StoredTensors stored, long fileSize) {
        long values = 0;
        for (Map.Entry<String, TensorView> entry : stored.views().entrySet()) {
            values += entry.getValue().count();
            if (values > fileSize) {
                throw new CheckpointException.Malformed(
                        "up to '%s' the tensors have %d values, but the file only %d bytes"
                                .formatted(entry.getKey(), values, fileSize));
            }
        }
        requireRoom(values);
    }

    /** They are read as float32, whatever they are in the file. */
    private static void requireRoom(long values) {
        long heap = Runtime.getRuntime().maxMemory();
        if (values > heap / Float.BYTES) {
            throw new CheckpointException.Unsupported(
                    "its tensors have %d values, which take %d MB as float32, but the heap has only %d MB; raise it by -Xmx"
                            .formatted(values, (values * Float.BYTES) >> 20, heap >> 20));
        }
    }

    /** Layers of 8-bit integers mean nothing without the scale, which is elsewhere. */
    private static void requireNotQuantised(String key, TensorView view) {
        ElementType type = view.storage().type();
        boolean bytes = type == ElementType.INT8 || type == ElementType.UINT8;
        if (bytes && view.shape().size() > 1) {
            throw new CheckpointException.Unsupported(
                    "'%s' is of %s, as quantised weights are; save the float weights"
                            .formatted(key, type));
        }
    }

    private static Checkpoint checkpoint(
            StoredTensors stored, CheckpointFormat format, String digest) {
        String prefix = KeyPrefix.of(stored.views().keySet());
        SequencedMap<String, WeightTensor> tensors = new LinkedHashMap<>();
        List<String> ignored = new ArrayList<>();
        for (Map.Entry<String, TensorView> entry : stored.views().entrySet()) {
            if (KeyPrefix.isBeside(entry.getKey())) {
                ignored.add(entry.getKey());
                continue;
            }
            String key = entry.getKey().substring(prefix.length());
            if (key.equals(BATCH_COUNTER) || key.endsWith("." + BATCH_COUNTER)) {
                ignored.add(key);
            } else {
                TensorView view = entry.getValue();
                requireNotQuantised(key, view);
                tensors.put(key, view.read(stored.storages().bytes(view.storage())));
            }
        }
        if (tensors.isEmpty()) {
            throw new CheckpointException.Unsupported("the file holds no weights");
        }
        return new Checkpoint(
                DerivedWeights.computedIn(tensors),
                format,
                digest,
                stored.wrapper(),
                prefix,
                ignored);
    }
}
