package io.nowcast.engine;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that OpenMP keeps for one that has computed with several. While all teams of a
 * process together have no more threads than there are processors, GNU's OpenMP has them wait for
 * the next operation actively, and else puts them to sleep between the hundreds of operations of a
 * call. So a call that has the processors to itself takes half the time where idle copies have no
 * team; and beside calls of one thread it, and they, are quicker where each of those has a team
 * too, which it does not use. Belongs to the thread that makes it.
 */
final class ThreadTeam {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadTeam.class);

    /** {@code omp_pause_hard}, from OpenMP's {@code omp.h}. */
    private static final int HARD = 2;

    /** PyTorch shares an operation among threads where each has 32,768 elements. */
    private static final Shape SHARED_BY_TWO = new Shape(2 * 32_768);

    private final PtNDManager manager;
    private boolean gathered = true;

    /** Of the calling thread, which has loaded a model and may have a team since. */
    ThreadTeam(PtNDManager manager) {
        this.manager = manager;
    }

    /**
     * Has the calls that follow compute with so many threads.
     *
     * @param besideSeveral whether a call of several threads goes on beside the next
     */
    void gather(int threads, boolean besideSeveral) {
        if (threads == 1 && besideSeveral && !gathered) {
            PyTorch.computeWith(2);
            manager.ones(SHARED_BY_TWO).close();
            gathered = true;
        }
        PyTorch.computeWith(threads);
        gathered |= threads > 1;
    }

    /** Ends the threads until {@link #gather}. Where OpenMP is not GNU's, nothing is done. */
    @SuppressWarnings("restricted")
    void dismiss() {
        Optional<MemorySegment> pause = SymbolLookup.loaderLookup().find("omp_pause_resource");
        Optional<MemorySegment> host = SymbolLookup.loaderLookup().find("omp_get_initial_device");
        if (!gathered || pause.isEmpty() || host.isEmpty()) {
            return;
        }
        gathered = false;
        try {
            int device =
                    (int)
                            function(host.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT))
                                    .invokeExact();
            MethodHandle call =
                    function(
                            pause.get(),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT));
            int answer = (int) call.invokeExact(HARD, device);
            LOG.trace("omp_pause_resource answers {}", answer);
        } catch (Throwable failure) {
            LOG.warn("The threads of an idle model copy stay", failure);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(MemorySegment address, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(address, descriptor);
    }
}
