package io.nowcast.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The highest resident memory of this process above what it was at first, by {@code /proc/self} of
 * Linux. The Java heap must be of fixed size and touched at the start, or it shows as well. What
 * the allocator keeps after a call is above the first value too, so ask in ascending order.
 */
final class PeakMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    private final long kilobytesAtFirst;

    PeakMemory() throws IOException {
        this.kilobytesAtFirst = kilobytes("VmRSS:");
    }

    /** Bytes by which resident memory is above the first value at most while {@code work} runs. */
    long of(Runnable work) throws IOException {
        // 5 sets the high-water mark back to what is resident now, see proc(5).
        Files.writeString(CLEAR, "5");
        work.run();
        return (kilobytes("VmHWM:") - kilobytesAtFirst) * 1024;
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
