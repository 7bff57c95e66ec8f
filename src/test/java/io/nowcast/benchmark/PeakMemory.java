package io.nowcast.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The highest resident memory of this process while something runs, by {@code /proc/self} of Linux.
 * The Java heap must be of fixed size and touched at the start, or it shows as well.
 */
final class PeakMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    private PeakMemory() {}

    /** Bytes by which resident memory rose at most while {@code work} ran. */
    static long of(Runnable work) throws IOException {
        // 5 sets the high-water mark back to what is resident now, see proc(5).
        Files.writeString(CLEAR, "5");
        long before = kilobytes("VmRSS:");
        work.run();
        return (kilobytes("VmHWM:") - before) * 1024;
    }

    private static long kilobytes(String field) throws IOException {
        String line =
                Files.readAllLines(STATUS).stream()
                        .filter(candidate -> candidate.startsWith(field))
                        .findFirst()
                        .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", ""));
    }
}
