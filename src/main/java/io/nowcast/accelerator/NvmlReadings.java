package io.nowcast.accelerator;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.nowcast.model.DeviceName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads GPUs through NVIDIA's management library. It numbers them by their place on the bus and
 * shows them all, where CUDA numbers what it was told to show: so each is looked for by the UUID
 * that CUDA gives. The library is loaded at the first reading; where that fails, one line of the
 * log says so and there are no readings. Not thread-safe.
 */
final class NvmlReadings implements AcceleratorReadings {

    private static final Logger LOG = LoggerFactory.getLogger(NvmlReadings.class);
    private static final int NAME_BYTES = 96;
    private static final double PERCENT = 100;
    private static final double MILLI = 1000;

    private final Supplier<NvmlLibrary> library;
    private final IntFunction<Optional<String>> uuids;
    private final Map<DeviceName, Optional<Pointer>> handles = new HashMap<>();
    private Optional<NvmlLibrary> started = Optional.empty();
    private boolean tried;

    /**
     * @param library throws an {@link UnsatisfiedLinkError} where there is none
     * @param uuids the UUID of {@code cuda:N}
     */
    NvmlReadings(Supplier<NvmlLibrary> library, IntFunction<Optional<String>> uuids) {
        this.library = library;
        this.uuids = uuids;
    }

    static NvmlReadings ofThisMachine() {
        return new NvmlReadings(
                () -> Native.load(NvmlLibrary.NAME, NvmlLibrary.class),
                CudaDriver.ofThisMachine()::uuid);
    }

    @Override
    public Optional<AcceleratorReading> read(DeviceName device) {
        return started()
                .flatMap(nvml ->
                        handles.computeIfAbsent(device, missing -> find(nvml, missing))
                                .map(handle -> read(nvml, device, handle)));
    }

    private Optional<NvmlLibrary> started() {
        if (!tried) {
            tried = true;
            started = start();
        }
        return started;
    }

    private Optional<NvmlLibrary> start() {
        try {
            NvmlLibrary nvml = library.get();
            int result = nvml.nvmlInit_v2();
            if (result == NvmlLibrary.SUCCESS) {
                return Optional.of(nvml);
            }
            LOG.info("No meters of GPUs: NVML does not start: {}", nvml.nvmlErrorString(result));
        } catch (LinkageError missing) {
            LOG.info(
                    "No meters of GPUs: {} could not be loaded; a container needs NVIDIA_DRIVER_CAPABILITIES with utility",
                    NvmlLibrary.NAME);
            LOG.debug("NVML", missing);
        }
        return Optional.empty();
    }

    private Optional<Pointer> find(NvmlLibrary nvml, DeviceName device) {
        Optional<String> uuid = uuids.apply(device.index());
        Optional<Pointer> handle =
                uuid.flatMap(known -> find(nvml, "GPU-" + known))
                        .or(() -> uuid.flatMap(known -> find(nvml, "MIG-" + known)));
        if (handle.isPresent()) {
            LOG.info("{} is {} ({})", device, name(nvml, handle.get()), uuid.get());
        } else {
            LOG.info(
                    "No meters of {}: NVML does not know the UUID {}",
                    device,
                    uuid.orElse("that CUDA does not tell"));
        }
        return handle;
    }

    private static Optional<Pointer> find(NvmlLibrary nvml, String uuid) {
        PointerByReference handle = new PointerByReference();
        return nvml.nvmlDeviceGetHandleByUUID(uuid, handle) == NvmlLibrary.SUCCESS
                ? Optional.ofNullable(handle.getValue())
                : Optional.empty();
    }

    private static String name(NvmlLibrary nvml, Pointer handle) {
        byte[] name = new byte[NAME_BYTES];
        return nvml.nvmlDeviceGetName(handle, name, name.length) == NvmlLibrary.SUCCESS
                ? Native.toString(name)
                : "a GPU without a name";
    }

    private static AcceleratorReading read(NvmlLibrary nvml, DeviceName device, Pointer handle) {
        long[] memory = new long[3];
        int[] utilisation = new int[2];
        IntByReference celsius = new IntByReference();
        IntByReference milliwatts = new IntByReference();
        int[] results = {
            nvml.nvmlDeviceGetMemoryInfo(handle, memory),
            nvml.nvmlDeviceGetUtilizationRates(handle, utilisation),
            nvml.nvmlDeviceGetTemperature(handle, NvmlLibrary.CHIP, celsius),
            nvml.nvmlDeviceGetPowerUsage(handle, milliwatts)
        };
        for (int result : results) {
            if (result == NvmlLibrary.GPU_IS_LOST || result == NvmlLibrary.RESET_REQUIRED) {
                LOG.error("{} is lost: {}", device, nvml.nvmlErrorString(result));
                return AcceleratorReading.LOST;
            }
        }
        return new AcceleratorReading(
                given(results[0], (double) memory[2]),
                given(results[0], (double) memory[0]),
                given(results[1], utilisation[0] / PERCENT),
                given(results[2], celsius.getValue()),
                given(results[3], milliwatts.getValue() / MILLI),
                false);
    }

    private static double given(int result, double value) {
        return result == NvmlLibrary.SUCCESS ? value : Double.NaN;
    }
}
