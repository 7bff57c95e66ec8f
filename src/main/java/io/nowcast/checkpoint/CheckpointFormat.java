package io.nowcast.checkpoint;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/** How a file of weights is laid out. Told by its bytes; an extension says nothing. */
public enum CheckpointFormat {
    /** {@code torch.save} since PyTorch 1.6: a ZIP of a pickle and raw storages. */
    PYTORCH_ZIP,
    /** {@code torch.save} before PyTorch 1.6: pickles followed by raw storages. */
    PYTORCH_LEGACY,
    /** A JSON header followed by raw tensors. */
    SAFETENSORS,
    /** {@code torch.jit.save}: a program with its weights, for an engine to load as it is. */
    TORCHSCRIPT;

    private static final int LONGEST_PICKLE_PREAMBLE = 32;

    /** The pickled integer 0x1950a86a20f9469cfc6c: LONG1, ten bytes, little-endian. */
    private static final String LEGACY_MAGIC = "8a0a6cfc9c46f9206aa85019";

    /**
     * Reads no more than the first bytes and, of a ZIP, its directory.
     *
     * @throws CheckpointException if the file cannot be read, is a damaged ZIP or none of these
     */
    public static CheckpointFormat detect(Path file) {
        try (MappedFile mapped = MappedFile.open(file)) {
            return detect(mapped.bytes());
        }
    }

    static CheckpointFormat detect(MemorySegment file) {
        byte[] head = head(file);
        String hex = HexFormat.of().formatHex(head);
        if (hex.startsWith("504b0304")) {
            return TorchArchive.open(file).isTorchScript() ? TORCHSCRIPT : PYTORCH_ZIP;
        }
        if (hex.startsWith("80") && hex.contains(LEGACY_MAGIC)) {
            return PYTORCH_LEGACY;
        }
        if (head.length > Long.BYTES && head[Long.BYTES] == '{') {
            return SAFETENSORS;
        }
        throw new CheckpointException.Unsupported(whatItIs(head, hex));
    }

    private static byte[] head(MemorySegment file) {
        return file.asSlice(0, Math.min(LONGEST_PICKLE_PREAMBLE, file.byteSize()))
                .toArray(JAVA_BYTE);
    }

    private static String whatItIs(byte[] head, String hex) {
        if (head.length == 0) {
            return "the file is empty";
        }
        if (new String(head, StandardCharsets.US_ASCII).startsWith("version https://git-lfs")) {
            return "a Git LFS pointer, not the weights it points to: fetch them with 'git lfs pull'";
        }
        if (hex.startsWith("80")) {
            return "a pickle without the magic number of torch.save";
        }
        return "expected a ZIP of torch.save, a legacy torch.save stream or safetensors, but the"
                + " file begins with the bytes "
                + hex.substring(0, Math.min(16, hex.length()));
    }
}
