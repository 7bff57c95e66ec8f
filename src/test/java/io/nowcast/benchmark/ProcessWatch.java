package io.nowcast.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Looks at the process of a service: {@code /proc/<pid>} and, for what only the JVM knows, {@code
 * /actuator/prometheus}. Also at the processor time of this process, which takes it from the
 * service. Thread-safe.
 */
final class ProcessWatch {

    /** {@code USER_HZ}, which is 100 on every Linux that {@code /proc} is read on. */
    private static final double TICKS_A_SECOND = 100;

    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    private final Path process;
    private final ForecastClient client;
    private final long started = System.nanoTime();

    ProcessWatch(String pid, ForecastClient client) {
        this.process = Path.of("/proc", pid);
        this.client = client;
    }

    /** How the process stands now. What cannot be read is NaN. */
    ProcessSample sample() {
        double liveness = liveness();
        String meters = client.page("/actuator/prometheus");
        double age = (System.nanoTime() - started) / 1e9;
        try {
            List<String> status = Files.readAllLines(process.resolve("status"));
            return new ProcessSample(
                    age,
                    number(status, "VmRSS:") / 1024,
                    megabytes(meters, "jvm_buffer_memory_used_bytes{id=\"direct\"}"),
                    megabytes(meters, "jvm_memory_used_bytes{area=\"heap\""),
                    megabytes(meters, "jvm_memory_used_bytes{area=\"nonheap\""),
                    number(status, "Threads:"),
                    files(),
                    liveness,
                    processorSeconds(process),
                    processorSeconds(Path.of("/proc/self")));
        } catch (IOException _) {
            return ProcessSample.unknown(age);
        }
    }

    private double liveness() {
        long asked = System.nanoTime();
        boolean answered = !client.page("/actuator/health/liveness").isEmpty();
        return answered ? (System.nanoTime() - asked) / 1e6 : Double.POSITIVE_INFINITY;
    }

    private static double number(List<String> lines, String field) {
        return lines.stream()
                .filter(line -> line.startsWith(field))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(Double.NaN);
    }

    private double files() throws IOException {
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            return open.count();
        }
    }

    /** The sum over the meter's tags. */
    private static double megabytes(String meters, String start) {
        OptionalDouble sum = OptionalDouble.empty();
        for (String line : meters.lines().filter(line -> line.startsWith(start)).toList()) {
            double bytes = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            sum = OptionalDouble.of(sum.orElse(0) + bytes);
        }
        return sum.orElse(Double.NaN) / (1 << 20);
    }

    /** The name of the program, which may hold blanks, ends with the last bracket. */
    private static double processorSeconds(Path process) throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]))
                / TICKS_A_SECOND;
    }
}
