package io.nowcast.accelerator;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * The part of NVIDIA's management library that is used here, as {@code nvml.h} of CUDA 12.2
 * declares it. Every call but the last answers with an {@code nvmlReturn_t}, 0 for success. Structs
 * of equal members are passed as arrays. Thread-safe, says the header.
 */
interface NvmlLibrary extends Library {

    /** The name with the version: containers have no other. */
    String NAME = "libnvidia-ml.so.1";

    int SUCCESS = 0;

    /** {@code NVML_ERROR_GPU_IS_LOST}: it has fallen off the bus or become inaccessible. */
    int GPU_IS_LOST = 15;

    /** {@code NVML_ERROR_RESET_REQUIRED}: it must be reset before it can be used again. */
    int RESET_REQUIRED = 16;

    /** {@code NVML_TEMPERATURE_GPU}: the sensor of the chip. */
    int CHIP = 0;

    int nvmlInit_v2();

    /**
     * Finds a device.
     *
     * @param uuid {@code GPU-} or {@code MIG-} and the UUID, zero-terminated
     */
    int nvmlDeviceGetHandleByUUID(String uuid, PointerByReference device);

    int nvmlDeviceGetName(Pointer device, byte[] name, int length);

    /**
     * Reads the memory.
     *
     * @param memory {@code nvmlMemory_t}: total, free, used, in bytes
     */
    int nvmlDeviceGetMemoryInfo(Pointer device, long[] memory);

    /**
     * Reads how busy the device was.
     *
     * @param utilisation {@code nvmlUtilization_t}: gpu, memory, in percent
     */
    int nvmlDeviceGetUtilizationRates(Pointer device, int[] utilisation);

    int nvmlDeviceGetTemperature(Pointer device, int sensor, IntByReference celsius);

    int nvmlDeviceGetPowerUsage(Pointer device, IntByReference milliwatts);

    String nvmlErrorString(int result);
}
