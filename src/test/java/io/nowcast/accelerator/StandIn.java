package io.nowcast.accelerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Compiles a stand-in for one of NVIDIA's libraries; a test that needs one is skipped without a C
 * compiler.
 */
final class StandIn {

    private static final Path SOURCES = Path.of("src/test/resources/accelerator");

    private StandIn() {}

    /** The library made of {@code NAME.c}. */
    static Path compile(String name, Path folder) throws IOException, InterruptedException {
        assumeThat(hasCompiler()).as("a C compiler named cc on the PATH").isTrue();
        Path library = folder.resolve("lib" + name + ".so.1");
        Process compiler =
                new ProcessBuilder(
                                "cc",
                                "-shared",
                                "-fPIC",
                                "-Wall",
                                "-Werror",
                                "-o",
                                library.toString(),
                                SOURCES.resolve(name + ".c").toString())
                        .inheritIO()
                        .start();
        assertThat(compiler.waitFor()).isZero();
        return library;
    }

    private static boolean hasCompiler() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "cc")));
    }
}
