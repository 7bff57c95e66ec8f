package io.nowcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.benchmark.WorkingMemoryFigures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The estimate of a prediction's memory against what a process of its own really took: in this one
 * other tests allocate too.
 */
@EnabledOnOs(OS.LINUX)
class WorkingMemoryTest {

    private static final Pattern FIGURES =
            Pattern.compile("estimated ([0-9.]+) MB measured ([0-9.]+) MB");

    /**
     * Pages and what the allocator keeps back blur the measurement: 64 steps took less than 267 MB
     * in most runs, 276 in some and 302 in one, of 240 estimated. An estimate of more than 2.5
     * times would refuse what fits.
     */
    @ParameterizedTest
    @CsvSource({
        "bundled, '', 4",
        "holmdk, '', 4",
        // One channel of a state is the frame; the others must not be kept with it.
        "jacobkimmel-convgru, 'forecast=repeat-last,channel=0', 64"
    })
    void theEstimateIsCloseToWhatIsTakenAndRefusesLittleThatFits(
            String network, String choices, String steps) throws Exception {
        String figures = measured(network, choices, steps);

        Matcher matcher = FIGURES.matcher(figures);
        assertThat(matcher.find()).as(figures).isTrue();
        double estimated = Double.parseDouble(matcher.group(1));
        double peak = Double.parseDouble(matcher.group(2));
        assertThat(peak).as(figures).isPositive();
        assertThat(estimated / peak).as(figures).isBetween(0.7, 2.5);
    }

    private static String measured(String network, String choices, String steps)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xms256m",
                                "-Xmx256m",
                                "-XX:+AlwaysPreTouch",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                WorkingMemoryFigures.class.getName(),
                                "--network",
                                network,
                                "--choices",
                                choices,
                                "--grids",
                                "512x512",
                                "--steps",
                                steps)
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
