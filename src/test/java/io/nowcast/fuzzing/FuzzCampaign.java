package io.nowcast.fuzzing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Runs Jazzer over every target, each in a JVM of its own, and prints what came of it.
 *
 * <p>Arguments: how many inputs in all (1000000), JVMs at a time (1), and the names of targets (all
 * of them). Inputs that break a target and Jazzer's log are left in {@code target/fuzzing/TARGET}.
 * Ends by status 1 if a target has a fault or was fed too little.
 */
public final class FuzzCampaign {

    private static final Path FOLDER = Path.of("target/fuzzing");
    private static final String LONGEST_INPUT = "16384";

    private long inputs;
    private long accepted;
    private long faults;

    private FuzzCampaign() {}

    public static void main(String[] arguments)
            throws IOException, InterruptedException, ExecutionException {
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
        FuzzCampaign campaign = new FuzzCampaign();
        long start = System.nanoTime();
        try (ExecutorService slots = Executors.newFixedThreadPool(atATime)) {
            List<Future<Ended>> runs = new ArrayList<>();
            for (FuzzTarget target : targets) {
                long share = (long) Math.ceil(inputs * (target.share() / shares));
                runs.add(slots.submit(() -> fuzz(target, share)));
            }
            for (Future<Ended> run : runs) {
                campaign.report(run.get());
            }
        }
        System.out.printf(
                "%-18s %9d %9d %9s %9s %9d%n",
                "all", campaign.inputs, campaign.accepted, "", "", campaign.faults);
        System.out.printf("%d s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
        if (campaign.faults > 0 || campaign.inputs < inputs) {
            System.exit(1);
        }
    }

    private static Ended fuzz(FuzzTarget target, long runs)
            throws IOException, InterruptedException {
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
        return new Ended(target, process.waitFor(), log);
    }

    /** Prints a target's row; a JVM that left none broke down, which is a fault too. */
    private void report(Ended ended) throws IOException {
        List<String> lines = Files.readAllLines(ended.log(), StandardCharsets.ISO_8859_1);
        long found = lines.stream().filter(line -> line.startsWith("== Java Exception")).count();
        List<String> rows = lines.stream().filter(line -> line.startsWith("ROW ")).toList();
        if (rows.isEmpty()) {
            faults++;
            System.out.printf(
                    "%-18s ended by status %d, see %s%n",
                    ended.target(), ended.status(), ended.log());
            return;
        }
        String row = rows.getLast().substring("ROW ".length());
        String[] columns = row.split(" +", -1);
        inputs += Long.parseLong(columns[1]);
        accepted += Long.parseLong(columns[2]);
        faults += found;
        System.out.printf("%s %9d%n", row, found);
    }

    /** What is left of a JVM that fuzzed a target. */
    private record Ended(FuzzTarget target, int status, Path log) {}
}
