package io.nowcast.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Samples the resident memory and the threads of a process, by {@code /proc/<pid>/status}. */
final class ProcessWatch implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final Path status;
    private final Duration warmUp;
    private final long started = System.nanoTime();
    private final List<Sample> samples = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    ProcessWatch(String pid, Duration warmUp) {
        this.status = Path.of("/proc", pid, "status");
        this.warmUp = warmUp;
    }

    void start() {
        sample();
        var _ =
                clock.scheduleAtFixedRate(
                        this::sample, PERIOD.toSeconds(), PERIOD.toSeconds(), TimeUnit.SECONDS);
    }

    private synchronized void sample() {
        try {
            List<String> lines = Files.readAllLines(status);
            Duration age = Duration.ofNanos(System.nanoTime() - started);
            samples.add(new Sample(age, number(lines, "VmRSS:") / 1024, number(lines, "Threads:")));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static long number(List<String> lines, String field) {
        String line = lines.stream().filter(l -> l.startsWith(field)).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    /**
     * Prints the trend; how many megabytes the last sample is above the first one after warm-up.
     */
    synchronized long report() {
        sample();
        Sample last = samples.getLast();
        Sample warm =
                samples.stream()
                        .filter(sample -> sample.age().compareTo(warmUp) >= 0)
                        .findFirst()
                        .orElse(last);
        long most = samples.stream().mapToLong(Sample::megabytes).max().orElseThrow();
        System.out.printf(
                "resident memory of the service: first %d MB, after %d s %d MB, last %d MB, most %d MB; every %d s: %s%n",
                samples.getFirst().megabytes(),
                warm.age().toSeconds(),
                warm.megabytes(),
                last.megabytes(),
                most,
                PERIOD.toSeconds(),
                samples.stream().map(Sample::megabytes).toList());
        System.out.printf(
                "threads of the service: first %d, last %d, most %d%n",
                samples.getFirst().threads(),
                last.threads(),
                samples.stream().mapToLong(Sample::threads).max().orElseThrow());
        return last.megabytes() - warm.megabytes();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private record Sample(Duration age, long megabytes, long threads) {}
}
