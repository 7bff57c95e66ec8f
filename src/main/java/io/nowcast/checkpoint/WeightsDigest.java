package io.nowcast.checkpoint;

import java.nio.file.Path;

/** The digest by which a file of weights is known. */
public final class WeightsDigest {

    private WeightsDigest() {}

    /**
     * SHA-256 of the file's bytes, lower-case hexadecimal.
     *
     * @throws CheckpointException if the file cannot be read
     */
    public static String of(Path file) {
        try (MappedFile mapped = MappedFile.open(file)) {
            return Sha256.of(mapped.bytes());
        }
    }
}
