package io.nowcast.engine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has glibc keep the memory that tensors leave. Each operation of a call allocates and frees tens
 * of megabytes; as it comes, glibc maps and unmaps them every time, and the kernel clears every
 * page again. The settings are those of {@code mallopt(3)}; the environment's, {@code MALLOC_...},
 * go before. Where the C library is another one, nothing is done.
 */
final class NativeAllocator {

    private static final Logger LOG = LoggerFactory.getLogger(NativeAllocator.class);

    /** The numbers of the parameters, from {@code malloc.h}. */
    private static final int TRIM_THRESHOLD = -1;

    private static final int TOP_PAD = -2;
    private static final int MMAP_THRESHOLD = -3;

    private static final int ONE_GIGABYTE = 1 << 30;
    private static final int PAD = 256 << 20;

    private NativeAllocator() {}

    /** Once, before the engine allocates. */
    @SuppressWarnings("restricted")
    static void keepFreedMemory() {
        if (System.getenv().keySet().stream().anyMatch(name -> name.startsWith("MALLOC_"))) {
            return;
        }
        Optional<MemorySegment> mallopt = Linker.nativeLinker().defaultLookup().find("mallopt");
        if (mallopt.isEmpty()) {
            return;
        }
        MethodHandle set =
                Linker.nativeLinker()
                        .downcallHandle(
                                mallopt.get(),
                                FunctionDescriptor.of(
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.JAVA_INT));
        try {
            int done =
                    (int) set.invokeExact(MMAP_THRESHOLD, ONE_GIGABYTE)
                            & (int) set.invokeExact(TRIM_THRESHOLD, ONE_GIGABYTE)
                            & (int) set.invokeExact(TOP_PAD, PAD);
            LOG.debug("mallopt answers {}", done);
        } catch (Throwable failure) {
            LOG.warn("The memory allocator keeps its settings", failure);
        }
    }

    /**
     * Gives what is free back to the system, of all threads, with {@code malloc_trim(3)}: for after
     * a model was closed, since the threads of the next one begin with memory of their own.
     */
    @SuppressWarnings("restricted")
    static void giveBackFreedMemory() {
        Optional<MemorySegment> trim = Linker.nativeLinker().defaultLookup().find("malloc_trim");
        if (trim.isEmpty()) {
            return;
        }
        MethodHandle call =
                Linker.nativeLinker()
                        .downcallHandle(
                                trim.get(),
                                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
        try {
            int done = (int) call.invokeExact(0L);
            LOG.debug("malloc_trim answers {}", done);
        } catch (Throwable failure) {
            LOG.warn("The memory allocator keeps what is free", failure);
        }
    }
}
