package io.nowcast.fuzzing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs Jazzer over every target, each in a JVM of its own, and prints what came of it.
 *
 * <p>Arguments: how many inputs in all (1000000), JVMs at a time (1), and the names of targets (all
 * of them). Inputs that break a target and Jazzer's log are left in {@code target/fuzzing/TARGET}.
 */
public final class FuzzCampaign {

    private static final Path FOLDER = Path.of("target/fuzzing");
    private static final String LONGEST_INPUT = "16384";

    private FuzzCampaign() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        long inputs = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1_000_000;
        int atATime = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
        List<FuzzTarget> targets = new ArrayList<>();
        for (int index = 2; index < arguments.length; index++) {
            targets.add(FuzzTarget.valueOf(arguments[index].toUpperCase(Locale.ROOT)));
        }
        if (targets.isEmpty()) {
            targets.addAll(List.of(FuzzTarget.values()));
        }
        double shares = targets.stream().mapToLong(FuzzTarget::share).sum();
        System.out.printf(
                "%-18s %9s %9s %9s %9s %9s%n",
                "target", "inputs", "accepted", "most ms", "most KiB", "faults");
        List<Running> running = new ArrayList<>();
        for (FuzzTarget target : targets) {
            if (running.size() == atATime) {
                report(running.removeFirst());
            }
            long runs = (long) Math.ceil(inputs * (target.share() / shares));
            running.add(start(target, runs));
        }
        for (Running last : running) {
            report(last);
        }
    }

    private static Running start(FuzzTarget target, long runs) throws IOException {
        Path folder = FOLDER.resolve(target.name().toLowerCase(Locale.ROOT)).toAbsolutePath();
        Path seeds = Files.createDirectories(folder.resolve("seeds"));
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        int number = 0;
        for (byte[] seed : Seeds.of(target)) {
            Files.write(seeds.resolve("seed" + number++), seed);
        }
        List<String> command =
                List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx1g",
                        "-XX:+EnableDynamicAgentLoading",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dfuzz.target=" + target,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=io.nowcast.fuzzing.FuzzEntry",
                        "--instrumentation_includes=io.nowcast.**:io.jhdf.**",
                        "--keep_going=20",
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + "/",
                        "-runs=" + runs,
                        "-max_len=" + LONGEST_INPUT,
                        "-timeout=20",
                        corpus.toString(),
                        seeds.toString());
        Path log = folder.resolve("log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        return new Running(target, process, log);
    }

    private static void report(Running ended) throws IOException, InterruptedException {
        int status = ended.process().waitFor();
        List<String> lines =
                Files.readAllLines(ended.log(), java.nio.charset.StandardCharsets.ISO_8859_1);
        long faults = lines.stream().filter(line -> line.startsWith("== Java Exception")).count();
        String row =
                lines.stream()
                        .filter(line -> line.startsWith("ROW "))
                        .map(line -> line.substring(4))
                        .reduce((_, last) -> last)
                        .orElse(
                                "%-18s ended by status %d, see %s"
                                        .formatted(ended.target(), status, ended.log()));
        System.out.printf("%s %9d%n", row, faults);
    }

    /** A JVM that fuzzes a target. */
    private record Running(FuzzTarget target, Process process, Path log) {}
}
