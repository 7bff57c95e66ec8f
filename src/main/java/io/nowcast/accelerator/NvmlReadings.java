package io.nowcast.accelerator;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.nowcast.model.DeviceName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads GPUs through NVIDIA's management library. It numbers them by their place on the bus and
 * shows them all, where CUDA numbers what it was told to show: so each is looked for by the UUID
 * that CUDA gives. The library is loaded at the first reading; where that fails, one line of the
 * log says so and there are no readings. A device that is not found is looked for again at the next
 * reading: NVML fails to look one up while another is lost. Not thread-safe.
 */
final class NvmlReadings implements AcceleratorReadings {

    private static final Logger LOG = LoggerFactory.getLogger(NvmlReadings.class);
    private static final int NAME_BYTES = 96;
    private static final double PERCENT = 100;
    private static final double MILLI = 1000;

    private final Supplier<NvmlLibrary> library;
    private final IntFunction<Optional<String>> uuids;
    private final Map<DeviceName, Pointer> handles = new HashMap<>();
    private final Set<DeviceName> missed = new HashSet<>();
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
                .flatMap(nvml -> handle(nvml, device).map(handle -> read(nvml, device, handle)));
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

    private Optional<Pointer> handle(NvmlLibrary nvml, DeviceName device) {
        Optional<Pointer> known = Optional.ofNullable(handles.get(device));
        if (known.isPresent()) {
            return known;
        }
        Optional<Pointer> found = find(nvml, device);
        found.ifPresent(handle -> handles.put(device, handle));
        return found;
    }

    private Optional<Pointer> find(NvmlLibrary nvml, DeviceName device) {
        Optional<String> uuid = uuids.apply(device.index());
        if (uuid.isEmpty()) {
            tellOnce(device, "CUDA does not tell its UUID");
            return Optional.empty();
        }
        PointerByReference handle = new PointerByReference();
        int result = nvml.nvmlDeviceGetHandleByUUID("GPU-" + uuid.get(), handle);
        if (result != NvmlLibrary.SUCCESS
                && nvml.nvmlDeviceGetHandleByUUID("MIG-" + uuid.get(), handle)
                        != NvmlLibrary.SUCCESS) {
            tellOnce(
                    device,
                    "NVML does not find the UUID %s: %s (%d)"
                            .formatted(uuid.get(), nvml.nvmlErrorString(result), result));
            return Optional.empty();
        }
        Optional<Pointer> found = Optional.ofNullable(handle.getValue());
        found.ifPresent(gpu -> LOG.info("{} is {} ({})", device, name(nvml, gpu), uuid.get()));
        return found;
    }

    private void tellOnce(DeviceName device, String reason) {
        if (missed.add(device)) {
            LOG.info("No meters of {} for now: {}", device, reason);
        }
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
