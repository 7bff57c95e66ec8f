package io.nowcast;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The JVM's optimising compiler (C2). It works beside the requests, and a network's threads wait
 * for each other at every operation, so what it takes from one of them the request loses; at a
 * start it takes a quarter of all processor time. What it compiles is run by the quick compiler's
 * code until then.
 */
final class OptimisingCompiler {

    /** How much its threads give way, as {@code nice} counts: a tenth of another thread's share. */
    private static final int NICER = 10;

    private static final int NICEST = 19;

    /** The kernel keeps 15 characters of "C2 CompilerThread0". */
    private static final String NAME = "C2 CompilerThre";

    private static final Path THREADS = Path.of("/proc/self/task");
    private static final int PRIO_PROCESS = 0;

    private OptimisingCompiler() {}

    /**
     * Has its threads give way to all others, where the system is Linux and lets them; one that the
     * JVM starts later has the priority of the compiler thread that starts it. The JVM's own option
     * for that, {@code CompilerThreadPriority}, counts for the quick compiler too, without which
     * everything is slow.
     */
    static void giveWay() {
        try {
            List<Integer> threads = threads();
            if (!threads.isEmpty()) {
                giveWay(threads);
            }
        } catch (Throwable kept) {
            // It keeps its priority then; there is no log yet to say so.
        }
    }

    private static List<Integer> threads() throws IOException {
        if (!Files.isDirectory(THREADS)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(THREADS)) {
            return all.filter(OptimisingCompiler::compiles)
                    .map(thread -> Integer.valueOf(String.valueOf(thread.getFileName())))
                    .toList();
        }
    }

    /** A thread that has ended meanwhile has no name. */
    private static boolean compiles(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).startsWith(NAME);
        } catch (IOException ended) {
            return false;
        }
    }

    /** By {@code setpriority(2)}, which takes a thread for a process on Linux. */
    private static void giveWay(List<Integer> threads) throws Throwable {
        MethodHandle getPriority = function("getpriority", 2);
        MethodHandle setPriority = function("setpriority", 3);
        int others = (int) getPriority.invokeExact(PRIO_PROCESS, 0);
        int nice = Math.min(others + NICER, NICEST);
        for (int thread : threads) {
            int _ = (int) setPriority.invokeExact(PRIO_PROCESS, thread, nice);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, int integers) {
        Linker linker = Linker.nativeLinker();
        MemoryLayout[] types = new MemoryLayout[integers];
        Arrays.fill(types, ValueLayout.JAVA_INT);
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, types));
    }
}
