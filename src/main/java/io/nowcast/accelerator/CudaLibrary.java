package io.nowcast.accelerator;

import com.sun.jna.Library;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * The part of the CUDA driver's library that tells which GPUs a process sees, as {@code cuda.h} of
 * CUDA 13.0 declares it. Every call answers with a {@code CUresult}, 0 for success. None of them
 * makes a context, so none takes memory of a GPU.
 */
interface CudaLibrary extends Library {

    /** The name with the version: containers have no other. */
    String NAME = "libcuda.so.1";

    int SUCCESS = 0;

    int cuInit(int flags);

    int cuDeviceGetCount(IntByReference count);

    int cuDeviceGet(IntByReference device, int ordinal);

    /**
     * Of a device in MIG mode it is the UUID of the slice.
     *
     * @param uuid 16 bytes
     */
    int cuDeviceGetUuid_v2(byte[] uuid, int device);

    int cuGetErrorString(int result, PointerByReference text);
}
