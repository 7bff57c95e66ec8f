/*
 * A stand-in for libcuda.so.1 that shows two devices. Names, types and numbers are those of NVIDIA's cuda.h
 * (CUDA 13.0): CUresult, CUdevice and CUuuid.
 */
#include <string.h>

typedef enum {
    CUDA_SUCCESS = 0,
    CUDA_ERROR_INVALID_VALUE = 1,
    CUDA_ERROR_NOT_INITIALIZED = 3,
    CUDA_ERROR_INVALID_DEVICE = 101,
    CUDA_ERROR_SYSTEM_NOT_READY = 802
} CUresult;

typedef int CUdevice;

typedef struct CUuuid_st {
    char bytes[16];
} CUuuid;

static CUresult start = CUDA_SUCCESS;
static int started;

/* For the test alone: what cuInit answers from now on. */
void stand_in_start(int result) {
    start = (CUresult)result;
    started = 0;
}

CUresult cuInit(unsigned int flags) {
    if (flags != 0) return CUDA_ERROR_INVALID_VALUE;
    started = start == CUDA_SUCCESS;
    return start;
}

CUresult cuDeviceGetCount(int *count) {
    if (!started) return CUDA_ERROR_NOT_INITIALIZED;
    *count = 2;
    return CUDA_SUCCESS;
}

CUresult cuDeviceGet(CUdevice *device, int ordinal) {
    if (!started) return CUDA_ERROR_NOT_INITIALIZED;
    if (ordinal < 0 || ordinal > 1) return CUDA_ERROR_INVALID_DEVICE;
    *device = 7 + ordinal;
    return CUDA_SUCCESS;
}

/* The first device that CUDA shows is the second one that NVML knows. */
CUresult cuDeviceGetUuid_v2(CUuuid *uuid, CUdevice device) {
    for (int i = 0; i < 16; i++) uuid->bytes[i] = (char)(device == 7 ? 15 - i : i * 0x11);
    return CUDA_SUCCESS;
}

CUresult cuGetErrorString(CUresult error, const char **text) {
    if (error != CUDA_ERROR_SYSTEM_NOT_READY) return CUDA_ERROR_INVALID_VALUE;
    *text = "system not yet initialized";
    return CUDA_SUCCESS;
}
