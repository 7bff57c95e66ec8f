package io.nowcast.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/*
 * `root` is made under this object's lock, at the first copy. `origins` may be read by anyone; whoever copies a model's folder
 * puts its entry, and only one at a time copies the folder of a model.
 */

/**
 * Copies of model folders that nobody else writes to. Models are loaded from them: all copies of a
 * model read the same bytes, whatever happens to its folder meanwhile, and the bytes are there to
 * go back to when the folder has others.
 */
public final class ModelSnapshots implements AutoCloseable {

    private final boolean wanted;
    private final Optional<Path> directory;
    private final Map<String, FolderState> origins = new ConcurrentHashMap<>();
    private Optional<SnapshotDirectory> root = Optional.empty();

    /**
     * Copies nothing yet.
     *
     * @param wanted whether models may be changed while they are served, and so are to be copied
     * @param directory where to; the temporary directory where absent
     */
    public ModelSnapshots(boolean wanted, Optional<Path> directory) {
        this.wanted = wanted;
        this.directory = directory;
    }

    /** Whether models may be changed while they are served, and so are to be copied. */
    public boolean areWanted() {
        return wanted;
    }

    /**
     * Copies the manifest of a folder and the weights that it names.
     *
     * @return the copy, which {@link #discard} removes
     * @throws ModelException if the folder is no sound model folder, cannot be copied, or changed
     *     meanwhile
     */
    public ModelFolder take(String name, Path folder) {
        FolderState before = FolderState.of(folder);
        ModelFolder sound = ModelRepository.open(name, folder);
        Optional<Path> made = Optional.empty();
        try {
            Path copy = Files.createTempDirectory(root(), name + "-");
            made = Optional.of(copy);
            for (Path file : sound.files()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
            if (!FolderState.of(folder).equals(before)) {
                throw new ModelException(
                        "the folder changed while it was read; it must be complete and at rest");
            }
            ModelFolder snapshot = ModelRepository.open(name, copy);
            origins.put(name, before);
            return snapshot;
        } catch (IOException problem) {
            made.ifPresent(SnapshotDirectory::delete);
            throw new ModelException("the folder cannot be copied: " + problem, problem);
        } catch (RuntimeException problem) {
            made.ifPresent(SnapshotDirectory::delete);
            throw problem;
        }
    }

    private synchronized Path root() throws IOException {
        if (root.filter(SnapshotDirectory::exists).isEmpty()) {
            root.ifPresent(SnapshotDirectory::close);
            root = Optional.of(SnapshotDirectory.create(directory));
        }
        return root.orElseThrow().path();
    }

    /** What a model's folder was like when it was copied last. */
    public Optional<FolderState> origin(String name) {
        return Optional.ofNullable(origins.get(name));
    }

    /** Whether a folder is a copy that was made here. */
    public synchronized boolean holds(ModelFolder model) {
        return root.map(made -> model.folder().startsWith(made.path())).orElse(false);
    }

    /** Whether two folders hold the same manifest and the same weights. */
    public static boolean areSame(ModelFolder one, ModelFolder other) {
        try {
            List<Path> files = one.files();
            List<Path> others = other.files();
            if (files.size() != others.size()) {
                return false;
            }
            for (int index = 0; index < files.size(); index++) {
                if (Files.mismatch(files.get(index), others.get(index)) >= 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException problem) {
            throw new ModelException("the copies cannot be compared: " + problem, problem);
        }
    }

    /** Removes a copy; a folder that is none stays. */
    public void discard(ModelFolder model) {
        if (holds(model)) {
            SnapshotDirectory.delete(model.folder());
        }
    }

    /** Removes all copies. */
    @Override
    public synchronized void close() {
        root.ifPresent(SnapshotDirectory::close);
        root = Optional.empty();
    }
}
