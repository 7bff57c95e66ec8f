package io.nowcast.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A service in a process of its own on a loopback address. It ends with this JVM at the latest. */
final class ServiceProcess implements AutoCloseable {

    private static final Duration LONGEST_START = Duration.ofMinutes(3);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

    private final Process process;
    private final URI address;
    private final Path log;
    private final Thread lastResort;

    private ServiceProcess(Process process, URI address, Path log) {
        this.process = process;
        this.address = address;
        this.log = log;
        this.lastResort = new Thread(process::destroyForcibly, "service-end");
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    /**
     * Starts a service and returns at once.
     *
     * @param port 0 for a free one
     * @param environment {@code NAME=value}
     */
    static ServiceProcess start(
            Path jar,
            int port,
            List<String> jvmArguments,
            List<String> properties,
            List<String> environment,
            Path log)
            throws IOException {
        int chosen = port == 0 ? freePort() : port;
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(jvmArguments);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of("--server.port=" + chosen, "--server.address=127.0.0.1"));
        command.addAll(properties);
        Files.createDirectories(log.toAbsolutePath().getParent());
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        for (String variable : environment) {
            String[] parts = variable.split("=", 2);
            builder.environment().put(parts[0], parts[1]);
        }
        return new ServiceProcess(builder.start(), URI.create("http://127.0.0.1:" + chosen), log);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The newest jar of the service that the build left. */
    static Path builtJar() throws IOException {
        try (var files = Files.newDirectoryStream(Path.of("target"), "nowcast-*.jar")) {
            for (Path file : files) {
                return file;
            }
        }
        throw new IOException("expected target/nowcast-*.jar: run mvn package -DskipTests first");
    }

    /** Words of an option, separated by blanks. */
    static List<String> words(String text) {
        return Arrays.stream(text.trim().split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }

    URI address() {
        return address;
    }

    String pid() {
        return Long.toString(process.pid());
    }

    Process process() {
        return process;
    }

    /**
     * Waits until the service says that it is ready.
     *
     * @throws IOException if it ends before, or takes too long
     */
    void awaitReady(ForecastClient client) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST_START.toNanos();
        while (client.page("/actuator/health/readiness").isEmpty()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException("the service does not get ready, see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** Ends it at once. */
    void kill() {
        process.destroyForcibly();
    }

    /** Lets it end by itself for a while, then ends it. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(LONGEST_STOP)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(lastResort);
    }
}
