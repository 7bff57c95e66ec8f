package io.nowcast.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/*
 * A process has a file lock as a whole: closing any channel to the file ends it, also one that was opened only to look. So directories of
 * this process are in `OWN`, and their locks are never opened again.
 */

/**
 * A directory for the copies of one process. A file in it is locked as long as the process lives,
 * however it ends; the next one to make such a directory beside it removes those without a living
 * owner.
 */
final class SnapshotDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotDirectory.class);
    private static final String PREFIX = ".nowcast-snapshots-";
    private static final String LOCK = "lock";

    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;

    private SnapshotDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes one, and removes those that were left behind.
     *
     * @param parent the temporary directory where absent
     */
    static SnapshotDirectory create(Optional<Path> parent) throws IOException {
        Path path =
                parent.isPresent()
                        ? Files.createTempDirectory(parent.get(), PREFIX)
                        : Files.createTempDirectory(PREFIX);
        OWN.add(path.toRealPath());
        try {
            SnapshotDirectory made = new SnapshotDirectory(path, lock(path));
            removeAbandoned(path);
            return made;
        } catch (IOException problem) {
            OWN.remove(path.toRealPath());
            delete(path);
            throw problem;
        }
    }

    /** Locks the file before it has its name: nobody finds it unlocked. */
    private static FileChannel lock(Path directory) throws IOException {
        Path draft = directory.resolve("draft");
        FileChannel channel =
                FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        channel.lock();
        Files.move(draft, directory.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
        return channel;
    }

    Path path() {
        return path;
    }

    /** Whether it is still there: directories for temporary files are emptied at times. */
    boolean exists() {
        return Files.isDirectory(path);
    }

    private static void removeAbandoned(Path own) {
        Path parent = own.toAbsolutePath().getParent();
        if (parent == null) {
            return;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path directory : found) {
                if (isAbandoned(directory, own)) {
                    delete(directory);
                    LOG.info("{} was left by a process that has ended: removed", directory);
                }
            }
        } catch (IOException problem) {
            LOG.warn("Copies that ended processes left are not looked for: {}", problem.toString());
        }
    }

    /** What others own may be anything, and is none of ours to remove. */
    private static boolean isAbandoned(Path directory, Path own) throws IOException {
        Path lock = directory.resolve(LOCK);
        if (OWN.contains(directory.toRealPath())
                || !Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS)
                || !Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS)
                        .equals(Files.getOwner(own))) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock taken = channel.tryLock()) {
            return taken != null;
        }
    }

    static void delete(Path folder) {
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException problem) {
            LOG.warn("{} could not be removed: {}", folder, problem.toString());
        }
    }

    /** Removes it with all that is in it. */
    @Override
    public void close() {
        delete(path);
        try {
            // Left in OWN: its name is not given twice.
            lock.close();
        } catch (IOException problem) {
            LOG.warn("The lock of {} could not be released: {}", path, problem.toString());
        }
    }
}
