package io.nowcast.engine;

import io.nowcast.accelerator.CudaDriver;
import io.nowcast.accelerator.DriverReport;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the devices that a configuration means. Never falls back from a GPU to the CPU in silence:
 * where CUDA is asked for by name it must be there, and where it is left to the service, a GPU that
 * cannot be used is told.
 */
final class DeviceDiscovery {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceDiscovery.class);

    private final Supplier<CudaSupport> support;
    private final Supplier<DriverReport> driver;
    private final Consumer<String> warnings;

    DeviceDiscovery(
            Supplier<CudaSupport> support,
            Supplier<DriverReport> driver,
            Consumer<String> warnings) {
        this.support = support;
        this.driver = driver;
        this.warnings = warnings;
    }

    static DeviceDiscovery ofThisMachine() {
        return new DeviceDiscovery(
                CudaSupport::ofTheEngine, CudaDriver.ofThisMachine()::report, LOG::warn);
    }

    /**
     * The devices of a configuration, as {@link io.nowcast.model.ModelLoader#devices} has it.
     *
     * @throws ModelException if a device is not there; the message says what is
     */
    List<DeviceName> devices(String configured) {
        return configured.equals("auto") ? all() : named(configured);
    }

    private List<DeviceName> all() {
        CudaSupport found = support.get();
        DriverReport shown = driver.get();
        int usable = usable(found, shown);
        if (usable > 0) {
            return IntStream.range(0, usable)
                    .mapToObj(index -> new DeviceName("cuda", index))
                    .toList();
        }
        if (shown.expectsGpu()) {
            warnings.accept(
                    "THIS MACHINE HAS A GPU, AND MODELS RUN ON THE CPU: %s. Set nowcast.devices to cpu if that is meant, or to cuda:0 for a start that fails instead"
                            .formatted(explanation(found, shown)));
        }
        return List.of(DeviceName.CPU);
    }

    private List<DeviceName> named(String configured) {
        List<DeviceName> devices;
        try {
            devices =
                    Stream.of(configured.split(",", -1))
                            .map(String::strip)
                            .map(DeviceName::parse)
                            .distinct()
                            .toList();
        } catch (IllegalArgumentException problem) {
            throw new ModelException("nowcast.devices: " + problem.getMessage(), problem);
        }
        if (devices.stream().anyMatch(DeviceName::isCuda)) {
            requireAll(devices);
        }
        return devices;
    }

    private void requireAll(List<DeviceName> devices) {
        CudaSupport found = support.get();
        DriverReport shown = driver.get();
        int usable = usable(found, shown);
        for (DeviceName device : devices) {
            if (device.isCuda() && device.index() >= usable) {
                throw new ModelException(
                        "nowcast.devices asks for %s, but the engine sees %d CUDA devices: %s"
                                .formatted(device, usable, explanation(found, shown)));
            }
        }
    }

    /**
     * PyTorch decides whether there is one at all. DJL counts through CUDA's runtime, which it may
     * not find where PyTorch does; then the driver's count is as good.
     */
    private static int usable(CudaSupport found, DriverReport shown) {
        if (!found.library() || !found.usable()) {
            return 0;
        }
        return found.counted() > 0 ? found.counted() : shown.devices();
    }

    private static String explanation(CudaSupport found, DriverReport shown) {
        String library =
                found.library()
                        ? "PyTorch's library is one for CUDA and %s"
                                .formatted(
                                        found.usable()
                                                ? "sees a GPU"
                                                : "finds no GPU that it can use")
                        : "PyTorch's library is one for the CPU only, an image built from docker/cuda.Dockerfile has the other";
        String runtime =
                found.runtime()
                        ? "CUDA's runtime counts %d".formatted(found.counted())
                        : "CUDA's runtime (libcudart.so) was not found, LD_LIBRARY_PATH has to name its folder";
        return String.join("; ", shown.text(), library, runtime);
    }
}
