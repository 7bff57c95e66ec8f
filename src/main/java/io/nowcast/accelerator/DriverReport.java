package io.nowcast.accelerator;

/**
 * What this machine has of NVIDIA's driver, as this process sees it.
 *
 * @param devices CUDA devices that the driver shows to this process
 * @param expectsGpu whether there is a GPU here by any sign, also where the driver cannot be used
 * @param text all of it in words, the start of a sentence in lower case
 */
public record DriverReport(int devices, boolean expectsGpu, String text) {}
