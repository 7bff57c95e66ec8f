/**
 * What NVIDIA's driver tells of the GPUs that models run on: which there are, how much memory they
 * have left, how busy they are, whether one is lost. Reads through the driver's own libraries,
 * which are looked for only when somebody asks, and runs nothing on a GPU.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"model"})
package io.nowcast.accelerator;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
