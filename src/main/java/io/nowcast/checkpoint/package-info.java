/**
 * Reads the files that training leaves behind: named tensors, whatever their format. Never runs
 * anything that a file names.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"network"})
package io.nowcast.checkpoint;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
