package io.nowcast.engine;

import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.cuda.CudaUtils;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the loaded native libraries can do with GPUs.
 *
 * @param library whether PyTorch's library is one for CUDA
 * @param runtime whether DJL found CUDA's runtime, with which it counts
 * @param counted the CUDA devices that DJL counts
 * @param usable whether PyTorch itself sees a CUDA device
 */
record CudaSupport(boolean library, boolean runtime, int counted, boolean usable) {

    static CudaSupport ofTheEngine() {
        Engine engine = PyTorch.engine();
        return new CudaSupport(
                Files.exists(
                        Path.of(LibUtils.getLibtorchPath(), System.mapLibraryName("torch_cuda"))),
                hasRuntime(),
                engine.getGpuCount(),
                engine.hasCapability(StandardCapabilities.CUDA));
    }

    private static boolean hasRuntime() {
        try {
            return CudaUtils.getCudaVersion() > 0;
        } catch (RuntimeException _) {
            // DJL says so where it could not load the runtime, and has no other question.
            return false;
        }
    }
}
