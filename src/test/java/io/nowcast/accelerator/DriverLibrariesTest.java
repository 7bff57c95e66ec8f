package io.nowcast.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Library;
import com.sun.jna.Native;
import io.nowcast.model.DeviceName;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bindings to NVIDIA's libraries, against C code of the layout that NVIDIA's headers give: no
 * GPU is needed, and no GPU was asked.
 */
class DriverLibrariesTest {

    private interface NvmlStandIn extends Library {
        void stand_in_state(int state);

        void stand_in_look_ups(int result);
    }

    private interface CudaStandIn extends Library {
        void stand_in_start(int result);
    }

    private static final DeviceName SLICE = new DeviceName("cuda", 0);
    private static final DeviceName WHOLE = new DeviceName("cuda", 1);

    @TempDir private static Path libraries;

    @TempDir private Path root;

    private static String nvml;
    private static String cuda;

    @BeforeAll
    static void compile() throws Exception {
        nvml = StandIn.compile("nvidia-ml", libraries).toString();
        cuda = StandIn.compile("cuda", libraries).toString();
    }

    @AfterEach
    void heal() {
        nvmlState(0);
        nvmlLookUps(0);
        Native.load(cuda, CudaStandIn.class).stand_in_start(0);
    }

    private static void nvmlState(int state) {
        Native.load(nvml, NvmlStandIn.class).stand_in_state(state);
    }

    private static void nvmlLookUps(int result) {
        Native.load(nvml, NvmlStandIn.class).stand_in_look_ups(result);
    }

    private CudaDriver driver() {
        return new CudaDriver(() -> Native.load(cuda, CudaLibrary.class), root, Map.of());
    }

    private NvmlReadings readings() {
        return new NvmlReadings(() -> Native.load(nvml, NvmlLibrary.class), driver()::uuid);
    }

    /** CUDA's order and NVML's differ: the UUID tells which is which. */
    @Test
    void aGpuIsFoundByItsUuid() {
        assertThat(driver().uuid(0)).contains("0f0e0d0c-0b0a-0908-0706-050403020100");
        assertThat(driver().uuid(1)).contains("00112233-4455-6677-8899-aabbccddeeff");
        assertThat(driver().uuid(2)).isEmpty();

        assertThat(readings().read(WHOLE))
                .contains(
                        new AcceleratorReading(
                                5_368_709_120.0, 85_899_345_920.0, 0.87, 64, 241.337, false));
    }

    @Test
    void aSliceOfAGpuHasItsOwnMemoryAndNoOtherReadings() {
        AcceleratorReading slice = readings().read(SLICE).orElseThrow();

        assertThat(slice.memoryTotalBytes()).isEqualTo(10_200_547_328.0);
        assertThat(slice.memoryUsedBytes()).isEqualTo(200_547_328.0);
        assertThat(slice.utilisation()).isNaN();
        assertThat(slice.celsius()).isNaN();
        assertThat(slice.watts()).isNaN();
        assertThat(slice.lost()).isFalse();
    }

    @Test
    void aLostGpuIsReported() {
        NvmlReadings readings = readings();
        assertThat(readings.lost(WHOLE)).isFalse();

        nvmlState(NvmlLibrary.GPU_IS_LOST);
        assertThat(readings.lost(WHOLE)).isTrue();
        assertThat(readings.read(WHOLE).orElseThrow().memoryUsedBytes()).isNaN();
        assertThat(readings.lost(SLICE)).isFalse();
    }

    /** NVML looks none up while any GPU is lost. */
    @Test
    void aGpuThatWasNotFoundIsLookedForAgain() {
        NvmlReadings readings = readings();
        nvmlLookUps(NvmlLibrary.GPU_IS_LOST);
        assertThat(readings.read(WHOLE)).isEmpty();

        nvmlLookUps(NvmlLibrary.SUCCESS);
        assertThat(readings.read(WHOLE)).isPresent();
    }

    @Test
    void aReadingThatFailsIsNotANumberAndNotALostGpu() {
        int unknown = 999;
        nvmlState(unknown);

        AcceleratorReading reading = readings().read(WHOLE).orElseThrow();

        assertThat(reading.memoryUsedBytes()).isNaN();
        assertThat(reading.utilisation()).isNaN();
        assertThat(reading.lost()).isFalse();
    }

    @Test
    void aDeviceThatCudaDoesNotShowHasNoReadings() {
        assertThat(readings().read(new DeviceName("cuda", 2))).isEmpty();
    }

    @Test
    void withoutTheLibraryThereAreNoReadings() {
        String missing = libraries.resolve("libmissing.so.1").toString();
        NvmlReadings readings =
                new NvmlReadings(
                        () -> Native.load(missing, NvmlLibrary.class),
                        _ -> Optional.of("00112233-4455-6677-8899-aabbccddeeff"));

        assertThat(readings.read(WHOLE)).isEmpty();
        assertThat(readings.lost(WHOLE)).isFalse();
    }

    @Test
    void theDriverTellsWhatItShows() {
        assertThat(driver().report())
                .isEqualTo(new DriverReport(2, true, "the CUDA driver shows 2 GPUs"));
    }

    @Test
    void aDriverThatDoesNotStartSaysWhy() {
        Native.load(cuda, CudaStandIn.class).stand_in_start(802);

        assertThat(driver().report())
                .isEqualTo(
                        new DriverReport(
                                0,
                                false,
                                "the CUDA driver does not start: system not yet initialized (802); /dev has no GPU"));

        Native.load(cuda, CudaStandIn.class).stand_in_start(1234);
        assertThat(driver().report().text()).contains("does not start: error 1234");
    }
}
