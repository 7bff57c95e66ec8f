package io.nowcast.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of the driver, by what there is of it. */
class CudaDriverTest {

    @TempDir private Path root;

    private DriverReport without() {
        return new CudaDriver(
                        () -> {
                            throw new UnsatisfiedLinkError("libcuda.so.1: cannot open");
                        },
                        root,
                        Map.of())
                .report();
    }

    private void put(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }

    @Test
    void nothingAtAll() {
        assertThat(without())
                .isEqualTo(
                        new DriverReport(
                                0,
                                false,
                                "no NVIDIA driver was found (no libcuda.so.1, no /proc/driver/nvidia/version, no /dev/nvidia0)"));
    }

    /** A container that was given the device, and not the driver's libraries. */
    @Test
    void aKernelDriverWithoutItsLibrary() throws IOException {
        put("proc/driver/nvidia/version");
        put("dev/nvidia0");
        put("dev/nvidia1");
        put("dev/nvidiactl");
        put("dev/nvidia-uvm");

        assertThat(without())
                .isEqualTo(
                        new DriverReport(
                                0,
                                true,
                                "the kernel has NVIDIA's driver and /dev has 2 GPUs, but libcuda.so.1 could not be loaded: a container needs NVIDIA's runtime, and NVIDIA_DRIVER_CAPABILITIES with compute"));
    }

    @Test
    void devicesThatTheEnvironmentHides() throws IOException {
        put("dev/nvidia0");
        CudaDriver driver =
                new CudaDriver(
                        () -> new Shows(0), root, Map.of("CUDA_VISIBLE_DEVICES", "", "HOME", "/"));

        assertThat(driver.report())
                .isEqualTo(
                        new DriverReport(
                                0,
                                true,
                                "the CUDA driver shows no GPU, CUDA_VISIBLE_DEVICES is ''"));
    }

    @Test
    void oneDevice() {
        assertThat(new CudaDriver(() -> new Shows(1), root, Map.of()).report())
                .isEqualTo(new DriverReport(1, true, "the CUDA driver shows 1 GPU"));
    }

    private record Shows(int devices) implements CudaLibrary {

        @Override
        public int cuInit(int flags) {
            return SUCCESS;
        }

        @Override
        public int cuDeviceGetCount(IntByReference count) {
            count.setValue(devices);
            return SUCCESS;
        }

        @Override
        public int cuDeviceGet(IntByReference device, int ordinal) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int cuDeviceGetUuid_v2(byte[] uuid, int device) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int cuGetErrorString(int result, PointerByReference text) {
            throw new UnsupportedOperationException();
        }
    }
}
