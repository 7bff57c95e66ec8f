package io.nowcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The texts are those of PyTorch 2.7 and of the libraries below it, put together as their source
 * does; a name in front says in which file. What CUDA says of an error was printed by {@code
 * cudaGetErrorString} of CUDA 13.0's runtime, which needs no GPU for it.
 */
class EngineFaultTest {

    /** c10/cuda/CUDAMiscFunctions.cpp adds this to what CUDA says; it names no other error. */
    private static final String ADVICE =
            """

            CUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below might be incorrect.
            For debugging consider passing CUDA_LAUNCH_BLOCKING=1
            Compile with `TORCH_USE_CUDA_DSA` to enable device-side assertions.
            """;

    /**
     * An error of CUDA's runtime: its number, its text, and what it means. Those of which CUDA's
     * {@code driver_types.h} says that the process must be terminated are 226, 700, 702, 710, 714
     * to 719, 721, 810 and 911.
     */
    enum CudaError {
        MEMORY_ALLOCATION(2, "out of memory", EngineFault.OUT_OF_MEMORY),
        INITIALIZATION_ERROR(3, "initialization error", EngineFault.OTHER),
        DEVICES_UNAVAILABLE(
                46, "CUDA-capable device(s) is/are busy or unavailable", EngineFault.DEVICE_LOST),
        NO_DEVICE(100, "no CUDA-capable device is detected", EngineFault.OTHER),
        INVALID_DEVICE(101, "invalid device ordinal", EngineFault.OTHER),
        NO_KERNEL_IMAGE(
                209, "no kernel image is available for execution on the device", EngineFault.OTHER),
        ECC_UNCORRECTABLE(214, "uncorrectable ECC error encountered", EngineFault.DEVICE_LOST),
        NVLINK_UNCORRECTABLE(
                220,
                "uncorrectable NVLink error detected during the execution",
                EngineFault.DEVICE_LOST),
        CONTAINED(
                226,
                "Invalid access of peer GPU memory over nvlink or a hardware error",
                EngineFault.DEVICE_LOST),
        INVALID_RESOURCE_HANDLE(400, "invalid resource handle", EngineFault.OTHER),
        ILLEGAL_ADDRESS(700, "an illegal memory access was encountered", EngineFault.DEVICE_LOST),
        LAUNCH_OUT_OF_RESOURCES(701, "too many resources requested for launch", EngineFault.OTHER),
        LAUNCH_TIMEOUT(702, "the launch timed out and was terminated", EngineFault.DEVICE_LOST),
        CONTEXT_IS_DESTROYED(709, "context is destroyed", EngineFault.DEVICE_LOST),
        ASSERT(710, "device-side assert triggered", EngineFault.DEVICE_LOST),
        HARDWARE_STACK_ERROR(714, "hardware stack error", EngineFault.DEVICE_LOST),
        ILLEGAL_INSTRUCTION(715, "an illegal instruction was encountered", EngineFault.DEVICE_LOST),
        MISALIGNED_ADDRESS(716, "misaligned address", EngineFault.DEVICE_LOST),
        INVALID_ADDRESS_SPACE(
                717,
                "operation not supported on global/shared address space",
                EngineFault.DEVICE_LOST),
        INVALID_PC(718, "invalid program counter", EngineFault.DEVICE_LOST),
        LAUNCH_FAILURE(719, "unspecified launch failure", EngineFault.DEVICE_LOST),
        TENSOR_MEMORY_LEAK(721, "tensor memory not completely freed", EngineFault.DEVICE_LOST),
        NOT_SUPPORTED(801, "operation not supported", EngineFault.OTHER),
        MPS_RPC_FAILURE(
                806,
                "the remote procedural call between the MPS server and the MPS client failed",
                EngineFault.DEVICE_LOST),
        MPS_CLIENT_TERMINATED(
                810, "the MPS client has been terminated by the server", EngineFault.DEVICE_LOST),
        EXTERNAL_DEVICE(
                911,
                "an async error has occured in external entity outside of CUDA",
                EngineFault.DEVICE_LOST),
        UNKNOWN(999, "unknown error", EngineFault.DEVICE_LOST);

        private final int number;
        private final String text;
        private final EngineFault meaning;

        CudaError(int number, String text, EngineFault meaning) {
            this.number = number;
            this.text = text;
            this.meaning = meaning;
        }
    }

    /** c10/cuda/CUDAException.cpp. */
    @ParameterizedTest
    @EnumSource
    void anErrorOfCuda(CudaError error) {
        assertThat(fault("CUDA error: " + error.text + ADVICE))
                .as("cudaError_t %d", error.number)
                .isEqualTo(error.meaning);
    }

    /** c10/cuda/driver_api.h: memory that is mapped in segments comes from the driver. */
    @ParameterizedTest
    @EnumSource(names = {"MEMORY_ALLOCATION", "ILLEGAL_ADDRESS", "LAUNCH_FAILURE", "NOT_SUPPORTED"})
    void anErrorOfTheDriver(CudaError error) {
        assertThat(fault("CUDA driver error: " + error.text)).isEqualTo(error.meaning);
    }

    /**
     * torch/csrc/jit/runtime/interpreter.cpp makes a plain runtime_error of whatever an operation
     * throws, with the place in front.
     */
    @ParameterizedTest
    @EnumSource
    void anErrorOfCudaInTheInterpreter(CudaError error) {
        String message = interpreted("CUDA error: " + error.text + ADVICE);

        assertThat(fault(message)).isEqualTo(error.meaning);
        assertThat(EngineFaults.reason(new EngineException(message)))
                .isEqualTo("RuntimeError: CUDA error: " + error.text);
    }

    static Stream<Arguments> memory() {
        return Stream.of(
                Arguments.of(
                        "c10/cuda/CUDACachingAllocator.cpp",
                        "CUDA out of memory. Tried to allocate 3.15 GiB. GPU 0 has a total capacity of 39.56 GiB of which 2.80 GiB is free. Including non-PyTorch memory, this process has 36.61 GiB memory in use. Of the allocated memory 31.66 GiB is allocated by PyTorch, and 4.11 GiB is reserved by PyTorch but unallocated. If reserved but unallocated memory is large try setting PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True to avoid fragmentation.  See documentation for Memory Management  (https://pytorch.org/docs/stable/notes/cuda.html#environment-variables)"),
                Arguments.of(
                        "aten/src/ATen/cuda/Exceptions.h, TORCH_CUDABLAS_CHECK",
                        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
                Arguments.of(
                        "aten/src/ATen/cuda/Exceptions.h, AT_CUDNN_CHECK, cuDNN 8",
                        "cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
                Arguments.of(
                        "aten/src/ATen/cuda/Exceptions.h, AT_CUDNN_CHECK, cuDNN 9",
                        "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"),
                Arguments.of(
                        "aten/src/ATen/native/cudnn/Conv_v8.cpp",
                        "GET was unable to find an engine to execute this computation"),
                Arguments.of(
                        "thrust/system/cuda/detail/util.h",
                        "transform: failed to synchronize: cudaErrorMemoryAllocation: out of memory"),
                Arguments.of(
                        "c10/core/impl/alloc_cpu.cpp",
                        "[enforce fail at alloc_cpu.cpp:118] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 4611686018427387904 bytes. Error code 12 (Cannot allocate memory)"),
                Arguments.of(
                        "c10/core/impl/alloc_cpu.cpp, Windows",
                        "[enforce fail at alloc_cpu.cpp:114] data. DefaultCPUAllocator: not enough memory: you tried to allocate 4398046511104 bytes."),
                Arguments.of("libstdc++", "std::bad_alloc"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void memory(String source, String message) {
        assertThat(fault(message)).as(source).isEqualTo(EngineFault.OUT_OF_MEMORY);
        assertThat(fault(interpreted(message))).as(source).isEqualTo(EngineFault.OUT_OF_MEMORY);
    }

    /** Of the JVM: its heap, and buffers outside of it (java.nio.Bits). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Java heap space",
                "Requested array size exceeds VM limit",
                "Cannot reserve 1048576 bytes of direct buffer memory (allocated: 1073741824, limit: 1073741824)"
            })
    void memoryOfTheJvm(String message) {
        OutOfMemoryError error = new OutOfMemoryError(message);

        assertThat(EngineFault.of(error)).isEqualTo(EngineFault.OUT_OF_MEMORY);
        assertThat(EngineFaults.reason(error)).contains(message);
    }

    /** Thrust, as applications report it from PyTorch. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "merge_sort: failed to synchronize: cudaErrorIllegalAddress: an illegal memory access was encountered",
                "parallel_for failed: cudaErrorLaunchFailure: unspecified launch failure",
                "CUDA error: all CUDA-capable devices are busy or unavailable"
            })
    void aLostDevice(String message) {
        assertThat(fault(message)).isEqualTo(EngineFault.DEVICE_LOST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Given groups=1, weight of size [8, 2, 3, 3], expected input[1, 3, 64, 64] to have 2 channels, but got 3 channels instead",
                "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED",
                "cuDNN error: CUDNN_STATUS_NOT_SUPPORTED. This error may appear if you passed in a non-contiguous input.",
                "CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm( handle, opa, opb, m, n, k, &alpha, a, lda, b, ldb, &beta, c, ldc)`",
                "Could not run 'aten::empty_strided' with arguments from the 'CUDA' backend.",
                "the model ran out of memory cells",
                "unknown error"
            })
    void anotherFailure(String message) {
        assertThat(fault(message)).isEqualTo(EngineFault.OTHER);
        assertThat(fault(interpreted(message))).isEqualTo(EngineFault.OTHER);
    }

    @Test
    void aFailureWithoutAText() {
        assertThat(EngineFault.of(new EngineException((String) null))).isEqualTo(EngineFault.OTHER);
        assertThat(EngineFaults.reason(new EngineException(""))).isEqualTo("it does not say why");
    }

    private static EngineFault fault(String message) {
        return EngineFault.of(new EngineException(message));
    }

    private static String interpreted(String message) {
        return """
        The following operation failed in the TorchScript interpreter.
        Traceback of TorchScript, serialized code (most recent call last):
          File "code/__torch__/nowcast.py", line 7, in forward
            x = torch.conv2d(frames, self.weight, self.bias, [1, 1], [1, 1], [1, 1], 1)
                ~~~~~~~~~~~~ <--- HERE
            return x
        RuntimeError: %s
        """
                .formatted(message);
    }
}
