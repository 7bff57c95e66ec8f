package io.nowcast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** What speaks TLS, or asks for a key, has a plain port for this. */
    @ParameterizedTest
    @CsvSource({"true,SERVER_PORT,0", "true,MANAGEMENT_SERVER_PORT,0", "false,SERVER_PORT,1"})
    void theHealthCheckAsksWhereTheServiceAnswersIt(boolean ready, String variable, int status)
            throws Exception {
        HttpServer service =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext(
                "/actuator/health/readiness",
                exchange -> {
                    exchange.sendResponseHeaders(ready ? 200 : 503, -1);
                    exchange.close();
                });
        service.start();
        try {
            String port = Integer.toString(service.getAddress().getPort());
            Map<String, String> environment =
                    variable.equals("SERVER_PORT")
                            ? Map.of("SERVER_PORT", port)
                            : Map.of("SERVER_PORT", "1", "MANAGEMENT_SERVER_PORT", port);

            assertThat(run(environment, DOCKER.resolve("healthcheck").toString()))
                    .endsWith(Integer.toString(status));
        } finally {
            service.stop(0);
        }
    }
}
