package io.nowcast.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The images' scripts, run as they are, and what of their build can be read. */
class ContainerScriptsTest {

    private static final Path DOCKER = Path.of("docker");

    @TempDir private Path folder;

    /** What the script said, and its exit status in the last line. */
    private String run(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        ProcessBuilder script =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        script.environment().remove("JDK_JAVA_OPTIONS");
        script.environment().putAll(environment);
        Process process = script.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(output) + process.exitValue();
    }

    /** The image says 50; a variable that comes before its arguments would never count. */
    @ParameterizedTest
    @CsvSource({"'',50", "-XX:MaxRAMPercentage=25,25", "'-Dsome=\"thing else\"',50"})
    void javaOptionsOfTheEnvironmentCountOverTheImages(String options, int percentage)
            throws Exception {
        Path start = Files.copy(DOCKER.resolve("start"), folder.resolve("start"));
        Files.writeString(folder.resolve("java.arguments"), "-XX:MaxRAMPercentage=50\n");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "None");
        new JarOutputStream(Files.newOutputStream(folder.resolve("nowcast.jar")), manifest).close();
        Map<String, String> environment =
                Map.of(
                        "PATH",
                        System.getProperty("java.home") + "/bin:/usr/bin:/bin",
                        "JAVA_TOOL_OPTIONS",
                        "-XX:+PrintFlagsFinal",
                        "JDK_JAVA_OPTIONS",
                        options);

        assertThat(run(environment, start.toString()))
                .containsPattern("MaxRAMPercentage += " + percentage + "\\.");
    }

    /** To BuildKit a default of ours would count over the platform that is built for. */
    @Test
    void anImageIsBuiltForThePlatformThatIsAskedFor() throws IOException {
        assertThat(Path.of("Dockerfile")).content().contains("\nARG TARGETARCH\n");
    }

    /** Files keep the rights that they have in the checkout, and there may be none for others. */
    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile", "docker/cuda.Dockerfile"})
    void anyUserMayReadWhatComesFromTheCheckout(String name) throws IOException {
        assertThat(Files.readAllLines(Path.of(name)))
                .filteredOn(line -> line.contains(" docker/start "))
                .singleElement()
                .asString()
                .startsWith("COPY --chmod=0755 ");
    }

    /** What speaks TLS, or asks for a key, has a plain port for this. */
    @ParameterizedTest
    @CsvSource({"200,SERVER_PORT,0", "200,MANAGEMENT_SERVER_PORT,0", "503,SERVER_PORT,1"})
    void theHealthCheckAsksWhereTheServiceAnswersIt(int answer, String variable, int status)
            throws Exception {
        HttpServer service =
                server(
                        "/actuator/health/readiness",
                        exchange -> exchange.sendResponseHeaders(answer, -1));
        try {
            Map<String, String> environment = new HashMap<>(Map.of("SERVER_PORT", "1"));
            environment.put(variable, Integer.toString(service.getAddress().getPort()));

            assertThat(run(environment, DOCKER.resolve("healthcheck").toString()))
                    .endsWith(Integer.toString(status));
        } finally {
            service.stop(0);
        }
    }

    /** On a machine without GPUs only their panels have no series. */
    @ParameterizedTest
    @CsvSource({"'',25,1", "--without-gpus,21,0"})
    void theDashboardsQueriesCanBeAskedWithoutGpus(String option, int queries, int status)
            throws Exception {
        assumeTrue(
                run(Map.of(), "bash", "-c", "command -v python3").endsWith("0"),
                "the script needs Python");
        HttpServer prometheus =
                server(
                        "/api/v1/query",
                        exchange -> {
                            boolean gpu = exchange.getRequestURI().getQuery().contains("_device_");
                            byte[] answer =
                                    "{\"data\": {\"result\": [%s]}}"
                                            .formatted(gpu ? "" : "{\"value\": [0, \"1\"]}")
                                            .getBytes(StandardCharsets.UTF_8);
                            exchange.sendResponseHeaders(200, answer.length);
                            exchange.getResponseBody().write(answer);
                        });
        try {
            String ask = DOCKER.resolve("prometheus/ask").toString();
            String address = "http://localhost:" + prometheus.getAddress().getPort();
            String said =
                    option.isEmpty()
                            ? run(Map.of(), ask, address)
                            : run(Map.of(), ask, option, address);

            assertThat(said.lines().filter(line -> line.contains(" series, "))).hasSize(queries);
            assertThat(said).endsWith(Integer.toString(status));
        } finally {
            prometheus.stop(0);
        }
    }

    private static HttpServer server(String path, HttpHandler handler) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                path,
                exchange -> {
                    try (exchange) {
                        handler.handle(exchange);
                    }
                });
        server.start();
        return server;
    }
}
