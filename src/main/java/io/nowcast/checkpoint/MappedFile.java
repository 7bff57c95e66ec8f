package io.nowcast.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A whole file as read-only memory, so that tensors are copied out of the page cache once and
 * nothing else is. Confined to the thread that opened it; the file must not shrink meanwhile.
 */
final class MappedFile implements AutoCloseable {

    private final Arena arena;
    private final MemorySegment bytes;

    private MappedFile(Arena arena, MemorySegment bytes) {
        this.arena = arena;
        this.bytes = bytes;
    }

    /**
     * @throws CheckpointException.Unreadable if there is no such readable file
     */
    static MappedFile open(Path file) {
        if (Files.isDirectory(file)) {
            throw new CheckpointException.Unreadable(
                    file + " is a directory, expected a file of weights");
        }
        Arena arena = Arena.ofConfined();
        try (FileChannel channel = FileChannel.open(file)) {
            MemorySegment bytes =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new MappedFile(arena, bytes);
        } catch (IOException e) {
            arena.close();
            throw new CheckpointException.Unreadable(reason(file, e), e);
        }
    }

    private static String reason(Path file, IOException problem) {
        return switch (problem) {
            case NoSuchFileException _ -> file + " does not exist";
            case AccessDeniedException _ -> file + " may not be read: permission denied";
            default -> "cannot read " + file + ": " + problem.getMessage();
        };
    }

    MemorySegment bytes() {
        return bytes;
    }

    @Override
    public void close() {
        arena.close();
    }
}
