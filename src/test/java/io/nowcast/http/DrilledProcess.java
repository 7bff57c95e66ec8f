package io.nowcast.http;

import io.nowcast.NowcastApplication;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/*
 * `log` gets lines from the thread that starts the process and then from the one that drains its output; anyone may read it.
 */

/** A {@link DrilledService} in a process of its own, started and ready. */
final class DrilledProcess implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final int LONGEST_END_SECONDS = 60;

    private final Process process;
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private int port;

    private DrilledProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts a service and waits until it serves.
     *
     * @param directory is its working and temporary directory
     * @param options of the virtual machine; one of them bounds its heap
     */
    static DrilledProcess start(Path directory, List<String> options, List<String> properties)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(options);
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-XX:ErrorFile=hs_err.log",
                        "-Djava.io.tmpdir=" + directory,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath(directory),
                        NowcastApplication.class.getName(),
                        "--spring.main.sources=" + DrilledService.class.getName(),
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--nowcast.cpu.workers=1"));
        command.addAll(properties);
        DrilledProcess drilled =
                new DrilledProcess(
                        new ProcessBuilder(command)
                                .directory(directory.toFile())
                                .redirectErrorStream(true)
                                .start());
        drilled.awaitStart();
        return drilled;
    }

    /**
     * That of this test without its other tests, whose configuration the service would find: the
     * classes of the drill alone are copied.
     */
    private static String classPath(Path directory) throws IOException {
        Path tests =
                Path.of(
                        DrilledService.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath());
        Path drill = directory.resolve("classes");
        String inPackage = DrilledService.class.getPackageName().replace('.', '/');
        Path copies = Files.createDirectories(drill.resolve(inPackage));
        try (DirectoryStream<Path> classes =
                Files.newDirectoryStream(tests.resolve(inPackage), "DrilledService*.class")) {
            for (Path file : classes) {
                Path copy = copies.resolve(file.getFileName());
                if (!Files.exists(copy)) {
                    Files.copy(file, copy);
                }
            }
        }
        String others =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toAbsolutePath())
                        .filter(entry -> !entry.equals(tests.toAbsolutePath()))
                        .map(Path::toString)
                        .collect(Collectors.joining(File.pathSeparator));
        return drill + File.pathSeparator + others;
    }

    private void awaitStart() throws IOException {
        BufferedReader output = new BufferedReader(process.inputReader(StandardCharsets.UTF_8));
        String line = output.readLine();
        while (line != null && !line.contains("Started NowcastApplication")) {
            log.add(line);
            Matcher started = PORT.matcher(line);
            if (started.find()) {
                port = Integer.parseInt(started.group(1));
            }
            line = output.readLine();
        }
        if (line == null) {
            throw new IOException("the service ended while it started:\n" + log());
        }
        Thread.ofVirtual().start(() -> output.lines().forEach(log::add));
    }

    ServiceClient client() {
        return new ServiceClient(port);
    }

    /** What it has said so far. */
    String log() {
        return String.join("\n", log);
    }

    /** Takes from it what it may write to a file; the virtual machine makes it an I/O error. */
    void forbidWriting() throws IOException {
        Process limit =
                new ProcessBuilder("prlimit", "--pid", Long.toString(process.pid()), "--fsize=0")
                        .inheritIO()
                        .start();
        limit.onExit().join();
        if (limit.exitValue() != 0) {
            throw new IOException("prlimit ended with status " + limit.exitValue());
        }
    }

    void kill() {
        process.destroyForcibly();
    }

    /**
     * Waits until it has ended.
     *
     * @return its exit status
     */
    int awaitEnd() {
        try {
            if (!process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the process goes on:\n" + log());
            }
            return process.exitValue();
        } catch (InterruptedException problem) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(problem));
        }
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitEnd();
    }
}
