/**
 * Writes a canonical network as a TorchScript archive that PyTorch, libtorch and DJL load. Fuses
 * what the equations allow to be fused.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"network"})
package io.nowcast.torchscript;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
