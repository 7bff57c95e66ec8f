package io.nowcast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.accelerator.DriverReport;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every mix of driver, CUDA runtime and native library, injected. */
class DeviceDiscoveryTest {

    private static final DeviceName FIRST = new DeviceName("cuda", 0);
    private static final DeviceName SECOND = new DeviceName("cuda", 1);

    private static final DriverReport NO_DRIVER =
            new DriverReport(0, false, "no NVIDIA driver was found");
    private static final DriverReport TWO_GPUS =
            new DriverReport(2, true, "the CUDA driver shows 2 GPUs");
    private static final DriverReport HIDDEN_GPU =
            new DriverReport(0, true, "the CUDA driver shows no GPU, CUDA_VISIBLE_DEVICES is ''");

    private static final CudaSupport CPU_LIBRARY = new CudaSupport(false, false, 0, false);
    private static final CudaSupport CPU_LIBRARY_WITH_RUNTIME =
            new CudaSupport(false, true, 2, false);
    private static final CudaSupport CUDA_LIBRARY = new CudaSupport(true, true, 2, true);
    private static final CudaSupport CUDA_LIBRARY_WITHOUT_GPU =
            new CudaSupport(true, true, 0, false);
    private static final CudaSupport CUDA_LIBRARY_WITHOUT_RUNTIME =
            new CudaSupport(true, false, 0, true);

    private final List<String> warnings = new ArrayList<>();

    private List<DeviceName> devices(String configured, CudaSupport support, DriverReport driver) {
        return new DeviceDiscovery(() -> support, () -> driver, warnings::add).devices(configured);
    }

    @Test
    void autoIsEveryGpu() {
        assertThat(devices("auto", CUDA_LIBRARY, TWO_GPUS)).containsExactly(FIRST, SECOND);
        assertThat(warnings).isEmpty();
    }

    @Test
    void autoIsTheProcessorInSilenceWhereThereIsNoGpu() {
        assertThat(devices("auto", CPU_LIBRARY, NO_DRIVER)).containsExactly(DeviceName.CPU);
        assertThat(devices("auto", CUDA_LIBRARY_WITHOUT_GPU, NO_DRIVER))
                .containsExactly(DeviceName.CPU);
        assertThat(warnings).isEmpty();
    }

    @Test
    void autoTellsOfAGpuThatTheLibraryCannotUse() {
        assertThat(devices("auto", CPU_LIBRARY, TWO_GPUS)).containsExactly(DeviceName.CPU);
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("MODELS RUN ON THE CPU")
                .contains("the CUDA driver shows 2 GPUs")
                .contains("for the CPU only")
                .contains("libcudart.so")
                .contains("nowcast.devices");
    }

    @Test
    void autoTellsOfAGpuThatIsHiddenOrBroken() {
        assertThat(devices("auto", CUDA_LIBRARY_WITHOUT_GPU, HIDDEN_GPU))
                .containsExactly(DeviceName.CPU);
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("CUDA_VISIBLE_DEVICES is ''")
                .contains("finds no GPU that it can use")
                .contains("counts 0");
    }

    /** DJL would count two, and PyTorch's library could use none of them. */
    @Test
    void aRuntimeThatCountsIsNoUseToALibraryForTheProcessor() {
        assertThat(devices("auto", CPU_LIBRARY_WITH_RUNTIME, TWO_GPUS))
                .containsExactly(DeviceName.CPU);
        assertThat(warnings).hasSize(1);
        assertThatThrownBy(() -> devices("cuda:0", CPU_LIBRARY_WITH_RUNTIME, TWO_GPUS))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("for the CPU only");
    }

    /** DJL would count none and fall back to the processor, with PyTorch ready to use both. */
    @Test
    void aRuntimeThatDjlDoesNotFindHidesNoGpu() {
        assertThat(devices("auto", CUDA_LIBRARY_WITHOUT_RUNTIME, TWO_GPUS))
                .containsExactly(FIRST, SECOND);
        assertThat(devices("cuda:1", CUDA_LIBRARY_WITHOUT_RUNTIME, TWO_GPUS))
                .containsExactly(SECOND);
        assertThat(warnings).isEmpty();
    }

    @Test
    void aGpuThatIsAskedForAndNotThereFailsTheStart() {
        assertThatThrownBy(() -> devices("cuda:0", CPU_LIBRARY, NO_DRIVER))
                .isInstanceOf(ModelException.class)
                .hasMessage(
                        "nowcast.devices asks for cuda:0, but the engine sees 0 CUDA devices: no NVIDIA driver was found; PyTorch's library is one for the CPU only, an image built from docker/cuda.Dockerfile has the other; CUDA's runtime (libcudart.so) was not found, LD_LIBRARY_PATH has to name its folder");
        assertThatThrownBy(() -> devices("cpu,cuda:2", CUDA_LIBRARY, TWO_GPUS))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("asks for cuda:2, but the engine sees 2 CUDA devices")
                .hasMessageContaining("sees a GPU");
        assertThat(warnings).isEmpty();
    }

    @Test
    void theProcessorByNameAsksForNoGpu() {
        DeviceDiscovery discovery =
                new DeviceDiscovery(
                        () -> {
                            throw new AssertionError("the native library was asked");
                        },
                        () -> {
                            throw new AssertionError("the driver was asked");
                        },
                        warnings::add);

        assertThat(discovery.devices("cpu")).containsExactly(DeviceName.CPU);
    }

    @Test
    void namesAreStrippedAndCountedOnce() {
        assertThat(devices(" cuda:1, cuda:0,cuda:1", CUDA_LIBRARY, TWO_GPUS))
                .containsExactly(SECOND, FIRST);
    }

    /** This build has PyTorch for the processor, whatever machine it runs on. */
    @Test
    void theBundledLibraryIsForTheProcessor() {
        assertThat(CudaSupport.ofTheEngine().library()).isFalse();
        assertThat(CudaSupport.ofTheEngine().usable()).isFalse();
    }
}
