package io.nowcast.fuzzing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.LoggerFactory;

/**
 * Feeds a target and holds what that cost against the bounds. Owned by one thread.
 *
 * <p>Time is the thread's processor time: a busy machine makes no input slow. Memory is all that
 * the thread allocated, garbage included.
 */
final class FuzzedInput {

    static final long MOST_NANOS = 1_000_000_000;

    /**
     * The limits of these targets allow 1 MiB of float32 frames. What is inflated, decoded, copied
     * on the way to them and dropped again comes to several times that.
     */
    static final long MOST_BYTES = 24L << 20;

    /** What an input may allocate for each of its own bytes beyond that, in objects made of it. */
    static final long BYTES_A_BYTE = 256;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final FuzzTarget target;
    private long inputs;
    private long accepted;
    private long nanos;
    private long bytes;
    private long mostNanos;
    private long mostBytes;

    FuzzedInput(FuzzTarget target) {
        this.target = target;
        // The library tells of every group of every file.
        ((Logger) LoggerFactory.getLogger("io.jhdf")).setLevel(Level.WARN);
    }

    /**
     * Feeds one input.
     *
     * @throws AssertionError if it costs too much; whatever the target throws and does not document
     */
    void feed(byte[] input) {
        accepted += measure(input) ? 1 : 0;
        inputs++;
        if (nanos > MOST_NANOS || bytes > most(input)) {
            // The first time loads classes, and under Jazzer instruments them.
            measure(input);
        }
        mostNanos = Math.max(mostNanos, nanos);
        mostBytes = Math.max(mostBytes, bytes);
        if (nanos > MOST_NANOS) {
            throw new AssertionError("%s took %d ms".formatted(target, nanos / 1_000_000));
        }
        if (bytes > most(input)) {
            throw new AssertionError(
                    "%s allocated %d bytes for %d".formatted(target, bytes, input.length));
        }
    }

    private static long most(byte[] input) {
        return MOST_BYTES + BYTES_A_BYTE * input.length;
    }

    private boolean measure(byte[] input) {
        long startBytes = THREADS.getCurrentThreadAllocatedBytes();
        long startNanos = THREADS.getCurrentThreadCpuTime();
        boolean good = target.accepts(input);
        nanos = THREADS.getCurrentThreadCpuTime() - startNanos;
        bytes = THREADS.getCurrentThreadAllocatedBytes() - startBytes;
        return good;
    }

    /** A row of the table: target, inputs, accepted ones, most milliseconds, most KiB. */
    String row() {
        return "%-18s %9d %9d %9.1f %9d"
                .formatted(target, inputs, accepted, mostNanos / 1e6, mostBytes >> 10);
    }
}
