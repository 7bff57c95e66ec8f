/*
 * A stand-in for libnvidia-ml.so.1 with two GPUs, to hold the service's bindings against a C compiler's layout.
 * Names, types and numbers are those of NVIDIA's nvml.h (CUDA 12.2): nvmlDevice_t, nvmlMemory_t, nvmlUtilization_t,
 * nvmlTemperatureSensors_t and nvmlReturn_t.
 */
#include <string.h>

typedef enum {
    NVML_SUCCESS = 0,
    NVML_ERROR_UNINITIALIZED = 1,
    NVML_ERROR_NOT_SUPPORTED = 3,
    NVML_ERROR_NOT_FOUND = 6,
    NVML_ERROR_INSUFFICIENT_SIZE = 7,
    NVML_ERROR_GPU_IS_LOST = 15
} nvmlReturn_t;

typedef struct {
    struct nvmlDevice_st *handle;
} nvmlDevice_t;

typedef struct nvmlMemory_st {
    unsigned long long total;
    unsigned long long free;
    unsigned long long used;
} nvmlMemory_t;

typedef struct nvmlUtilization_st {
    unsigned int gpu;
    unsigned int memory;
} nvmlUtilization_t;

typedef enum { NVML_TEMPERATURE_GPU = 0 } nvmlTemperatureSensors_t;

struct nvmlDevice_st {
    const char *uuid;
    const char *name;
    nvmlMemory_t memory;
    nvmlUtilization_t utilization;
    unsigned int celsius;
    unsigned int milliwatts;
    nvmlReturn_t extras; /* what a slice of a GPU answers to what is measured of the whole */
    nvmlReturn_t state;
};

static int started;
static nvmlReturn_t look_ups = NVML_SUCCESS;

static struct nvmlDevice_st devices[] = {
    {"GPU-00112233-4455-6677-8899-aabbccddeeff", "Stand-in 80GB",
     {85899345920ULL, 85899345920ULL - 5368709120ULL, 5368709120ULL}, {87, 41}, 64, 241337, NVML_SUCCESS, NVML_SUCCESS},
    {"MIG-0f0e0d0c-0b0a-0908-0706-050403020100", "Stand-in 80GB MIG 1g.10gb",
     {10200547328ULL, 10000000000ULL, 200547328ULL}, {0, 0}, 0, 0, NVML_ERROR_NOT_SUPPORTED, NVML_SUCCESS}};

/* For the test alone: what the first GPU answers from now on. */
void stand_in_state(int state) { devices[0].state = (nvmlReturn_t)state; }

void stand_in_look_ups(int result) { look_ups = (nvmlReturn_t)result; }

nvmlReturn_t nvmlInit_v2(void) {
    started = 1;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetHandleByUUID(const char *uuid, nvmlDevice_t *device) {
    if (!started) return NVML_ERROR_UNINITIALIZED;
    if (look_ups != NVML_SUCCESS) return look_ups;
    for (int i = 0; i < 2; i++) {
        if (strcmp(uuid, devices[i].uuid) == 0) {
            device->handle = &devices[i];
            return NVML_SUCCESS;
        }
    }
    return NVML_ERROR_NOT_FOUND;
}

nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t device, char *name, unsigned int length) {
    if (strlen(device.handle->name) >= length) return NVML_ERROR_INSUFFICIENT_SIZE;
    strcpy(name, device.handle->name);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory) {
    if (device.handle->state != NVML_SUCCESS) return device.handle->state;
    *memory = device.handle->memory;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *utilization) {
    if (device.handle->state != NVML_SUCCESS) return device.handle->state;
    if (device.handle->extras == NVML_SUCCESS) *utilization = device.handle->utilization;
    return device.handle->extras;
}

nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t device, nvmlTemperatureSensors_t sensor, unsigned int *celsius) {
    if (device.handle->state != NVML_SUCCESS) return device.handle->state;
    if (sensor != NVML_TEMPERATURE_GPU) return NVML_ERROR_NOT_SUPPORTED;
    if (device.handle->extras == NVML_SUCCESS) *celsius = device.handle->celsius;
    return device.handle->extras;
}

nvmlReturn_t nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned int *milliwatts) {
    if (device.handle->state != NVML_SUCCESS) return device.handle->state;
    if (device.handle->extras == NVML_SUCCESS) *milliwatts = device.handle->milliwatts;
    return device.handle->extras;
}

const char *nvmlErrorString(nvmlReturn_t result) {
    return result == NVML_ERROR_GPU_IS_LOST ? "GPU is lost" : "Unknown Error";
}
