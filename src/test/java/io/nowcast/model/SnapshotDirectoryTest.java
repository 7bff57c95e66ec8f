package io.nowcast.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Directories of living processes stay, those of processes that ended without a word go. */
@Timeout(60)
class SnapshotDirectoryTest {

    @TempDir private Path parent;

    @Test
    void staysWhileItsProcessLivesAndNoLonger() throws IOException, InterruptedException {
        Files.writeString(parent.resolve(".nowcast-snapshots-unlocked"), "not ours to judge");
        try (SnapshotDirectory own = SnapshotDirectory.create(Optional.of(parent));
                SnapshotDirectory another = SnapshotDirectory.create(Optional.of(parent))) {
            Files.writeString(own.path().resolve("model.yaml"), "copied");

            assertThat(endsWithoutAWord()).isZero();
            Path left;
            try (var found = Files.list(parent)) {
                left =
                        found.filter(Files::isDirectory)
                                .filter(path ->
                                        !path.equals(own.path()) && !path.equals(another.path()))
                                .findFirst()
                                .orElseThrow();
            }
            assertThat(endsWithoutAWord()).isZero();

            assertThat(left).doesNotExist();
            assertThat(own.path().resolve("model.yaml")).hasContent("copied");
            assertThat(another.path()).exists();
        }
        try (var found = Files.list(parent)) {
            assertThat(found.filter(Files::isDirectory)).hasSize(1);
        }
    }

    /** Another process that makes a directory, and so looks for abandoned ones, and halts. */
    private int endsWithoutAWord() throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Abrupt.class.getName(),
                        parent.toString())
                .inheritIO()
                .start()
                .waitFor();
    }

    static final class Abrupt {
        private Abrupt() {}

        static void main(String[] arguments) throws IOException {
            SnapshotDirectory.create(Optional.of(Path.of(arguments[0])));
            Runtime.getRuntime().halt(0);
        }
    }
}
