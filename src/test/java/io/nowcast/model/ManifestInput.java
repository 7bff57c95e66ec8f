package io.nowcast.model;

import java.nio.file.Path;

/** Lets the fuzzing targets in. */
public final class ManifestInput {

    private ManifestInput() {}

    /** A {@code model.yaml}. */
    public static void file(Path file) {
        ModelManifestReader.read(file);
    }
}
