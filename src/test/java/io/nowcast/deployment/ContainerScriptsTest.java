package io.nowcast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts of the images, run as they are. */
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
}
