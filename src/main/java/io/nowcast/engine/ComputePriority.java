package io.nowcast.engine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets threads that answer requests go before those that compute. On Linux {@code nice(2)} holds
 * for the calling thread alone, and the threads that OpenMP makes for it inherit it; Java's own
 * thread priorities have no effect there.
 */
final class ComputePriority {

    private static final Logger LOG = LoggerFactory.getLogger(ComputePriority.class);
    private static final int NICER = 5;

    private ComputePriority() {}

    /** Of the calling thread, before its first model call; on other systems nothing is done. */
    @SuppressWarnings("restricted")
    static void yieldToRequests() {
        Optional<MemorySegment> nice = Linker.nativeLinker().defaultLookup().find("nice");
        if (nice.isEmpty() || !System.getProperty("os.name", "").equals("Linux")) {
            return;
        }
        try {
            int now =
                    (int)
                            Linker.nativeLinker()
                                    .downcallHandle(
                                            nice.get(),
                                            FunctionDescriptor.of(
                                                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                                    .invokeExact(NICER);
            LOG.debug("{} computes with nice {}", Thread.currentThread().getName(), now);
        } catch (Throwable failure) {
            LOG.warn("Threads that compute keep their priority", failure);
        }
    }
}
