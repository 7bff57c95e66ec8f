package io.nowcast.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A ZIP as PyTorch writes it, for weights and for programs alike: everything lies below one folder,
 * whose name means nothing, beside a {@code data.pkl}.
 *
 * <p>Source: {@code caffe2/serialize/inline_container.h} and {@code
 * torch/csrc/jit/docs/serialization.md}.
 */
final class TorchArchive {

    private static final String PICKLE = "data.pkl";

    private final SequencedMap<String, ZipEntryContents> entries;
    private final String folder;

    private TorchArchive(SequencedMap<String, ZipEntryContents> entries, String folder) {
        this.entries = entries;
        this.folder = folder;
    }

    /**
     * @throws CheckpointException if the bytes are no sound ZIP or not one of PyTorch
     */
    static TorchArchive open(MemorySegment file) {
        SequencedMap<String, ZipEntryContents> entries = ZipDirectory.read(file);
        List<String> pickles =
                entries.keySet().stream()
                        .filter(name -> name.indexOf('/') == name.length() - PICKLE.length() - 1)
                        .filter(name -> name.endsWith("/" + PICKLE))
                        .toList();
        if (pickles.size() != 1) {
            throw new CheckpointException.Unsupported(
                    "expected a ZIP with one <folder>/data.pkl as torch.save writes, found %d"
                            .formatted(pickles.size()));
        }
        String pickle = pickles.getFirst();
        return new TorchArchive(entries, pickle.substring(0, pickle.length() - PICKLE.length()));
    }

    /** Whether {@code torch.jit.save} wrote it: then it has code and constants. */
    boolean isTorchScript() {
        String code = folder + "code/";
        return has("constants.pkl") && entries.keySet().stream().anyMatch(n -> n.startsWith(code));
    }

    /** The pickle that describes the saved object. */
    ByteCursor pickle() {
        return pickle(PICKLE);
    }

    /** Another pickle, or a text, of the archive. */
    ByteCursor pickle(String name) {
        return new ByteCursor(entry(name).inflated(), name);
    }

    boolean has(String name) {
        return entries.containsKey(folder + name);
    }

    /**
     * The bytes of a storage, in place.
     *
     * @param name below the archive's folder
     * @throws CheckpointException if there is no such entry or it is compressed
     */
    MemorySegment bytes(String name) {
        return entry(name).stored();
    }

    /** A small entry as a text. */
    String text(String name) {
        ByteCursor text = pickle(name);
        return text.utf8(text.remaining());
    }

    private ZipEntryContents entry(String name) {
        return Optional.ofNullable(entries.get(folder + name))
                .orElseThrow(() ->
                        new CheckpointException.Malformed(
                                "the archive has no entry '%s%s'".formatted(folder, name)));
    }
}
