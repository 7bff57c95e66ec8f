package io.nowcast.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.nowcast.model.DeviceName;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The one PyTorch engine of the process. */
final class PyTorch {

    private static final AtomicReference<@Nullable Throwable> FIRST_FAILURE =
            new AtomicReference<>();

    static {
        NativeAllocator.keepFreedMemory();
    }

    private PyTorch() {}

    /**
     * Loads the native library on first use. No download, no telemetry; the profiling graph
     * executor is off, since it compiles anew for every shape and stalls the first requests of
     * each.
     */
    static Engine engine() {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        try {
            return Engine.getEngine("PyTorch");
        } catch (RuntimeException | LinkageError failure) {
            // Later attempts only tell that an earlier one failed.
            if (!FIRST_FAILURE.compareAndSet(null, failure)) {
                failure.addSuppressed(FIRST_FAILURE.get());
            }
            throw failure;
        }
    }

    /**
     * Sets how many threads the calling thread's calls compute with: OpenMP keeps the number, and
     * the threads, for each calling thread.
     */
    static void computeWith(int threads) {
        engine();
        JniUtils.setNumThreads(threads);
    }

    static Device device(DeviceName name) {
        return name.isCuda() ? Device.gpu(name.index()) : Device.cpu();
    }

    static PtNDManager newManager(Device device) {
        return (PtNDManager) engine().newBaseManager(device);
    }
}
