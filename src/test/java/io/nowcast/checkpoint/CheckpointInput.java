package io.nowcast.checkpoint;

import java.lang.foreign.MemorySegment;

/** Lets the fuzzing targets in where files are mapped otherwise. */
public final class CheckpointInput {

    private CheckpointInput() {}

    /** A file of weights, whatever its format. */
    public static void file(byte[] content) {
        CheckpointReader.read(MemorySegment.ofArray(content));
    }

    /** A pickle without the archive around it. */
    public static void pickle(byte[] content) {
        Unpickler.read(new ByteCursor(MemorySegment.ofArray(content), "pickle"));
    }
}
