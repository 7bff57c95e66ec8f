package io.nowcast.engine;

import java.util.regex.Pattern;

/**
 * What a failure of PyTorch means for the device. DJL carries nothing of it over but its text, and
 * the TorchScript interpreter wraps that text in its own, so it is looked for in the whole message.
 */
enum EngineFault {
    /** This call needed more memory than there was; another one may need less. */
    OUT_OF_MEMORY,
    /** No call on this device will succeed in this process. */
    DEVICE_LOST,
    /** Whatever else: the call is at fault. */
    OTHER;

    /**
     * The caching allocator, plain {@code cudaMalloc}, the libraries on top of CUDA, and the
     * processor's memory. cuDNN "was unable to find an engine" where each plan for a convolution
     * ran out of memory: PyTorch tries the next one and forgets why; a convolution that no plan can
     * do fails the warm-up already.
     */
    private static final Pattern MEMORY =
            Pattern.compile(
                    "CUDA out of memory\\."
                            + "|(?:CUDA error|CUDA driver error|cudaErrorMemoryAllocation): out of memory"
                            + "|CU(?:BLAS|DNN|SPARSE|SOLVER)_STATUS_(?:\\w+_)?ALLOC(?:ATION)?_FAILED"
                            + "|was unable to find an engine to execute this computation"
                            + "|DefaultCPUAllocator: (?:can't allocate|not enough) memory"
                            + "|std::bad_alloc");

    /**
     * The texts of {@code cudaGetErrorString} for the errors after which, as {@code driver_types.h}
     * says, "the process must be terminated and relaunched", and for the hardware's own: memory or
     * links with errors that cannot be corrected, a device that is taken or gone. A GPU that fell
     * off the bus shows as an unknown error.
     */
    private static final Pattern STICKY =
            Pattern.compile(
                    "(?:CUDA error|CUDA driver error|cudaError[A-Z]\\w+): (?:"
                            + String.join(
                                    "|",
                                    "an illegal memory access was encountered",
                                    "an illegal instruction was encountered",
                                    "misaligned address",
                                    "operation not supported on global/shared address space",
                                    "invalid program counter",
                                    "hardware stack error",
                                    "device-side assert triggered",
                                    "unspecified launch failure",
                                    "the launch timed out and was terminated",
                                    "tensor memory not completely freed",
                                    "context is destroyed",
                                    "an async error has occured in external entity outside of CUDA",
                                    "uncorrectable ECC error encountered",
                                    "uncorrectable NVLink error detected during the execution",
                                    "Invalid access of peer GPU memory over nvlink or a hardware error",
                                    "(?:all )?CUDA-capable device(?:\\(s\\) is/are|s are) busy or unavailable",
                                    "the MPS client has been terminated by the server",
                                    "the remote procedural call between the MPS server and the MPS client failed",
                                    "unknown error")
                            + ")");

    static EngineFault of(Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            return OUT_OF_MEMORY;
        }
        String message = String.valueOf(failure.getMessage());
        if (STICKY.matcher(message).find()) {
            return DEVICE_LOST;
        }
        return MEMORY.matcher(message).find() ? OUT_OF_MEMORY : OTHER;
    }
}
