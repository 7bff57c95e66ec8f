package io.nowcast.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What can be told of a model folder without reading its files: when two are equal, nobody has
 * written to it in between. Symbolic links are followed, so that a link that was moved to other
 * files is a change: that is how Kubernetes updates a mounted ConfigMap.
 *
 * @param files a line a file: name, size, times and identity
 */
public record FolderState(List<String> files) {

    /** When the file's inode was changed: {@code cp -p} and rsync cannot set it back. */
    private static final String CHANGED = "unix:ctime";

    public FolderState {
        files = List.copyOf(files);
    }

    /**
     * The present state of a folder.
     *
     * @throws ModelException if it cannot be listed
     */
    public static FolderState of(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> files =
                    entries.filter(entry -> !entry.getFileName().toString().startsWith("."))
                            .filter(Files::isRegularFile)
                            .sorted()
                            .toList();
            boolean unix = folder.getFileSystem().supportedFileAttributeViews().contains("unix");
            List<String> lines = new ArrayList<>();
            for (Path file : files) {
                BasicFileAttributes attributes =
                        Files.readAttributes(file, BasicFileAttributes.class);
                lines.add(
                        "%s %d %s %s %s"
                                .formatted(
                                        file.getFileName(),
                                        attributes.size(),
                                        attributes.lastModifiedTime(),
                                        attributes.fileKey(),
                                        unix ? Files.getAttribute(file, CHANGED) : ""));
            }
            return new FolderState(lines);
        } catch (IOException | UncheckedIOException problem) {
            throw new ModelException("the folder %s cannot be read: %s".formatted(folder, problem));
        }
    }
}
