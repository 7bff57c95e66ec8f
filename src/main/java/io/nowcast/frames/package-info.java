/**
 * Values that every other package speaks in: frame sequences, grids, units, lead times, missing
 * data. Plain Java, no dependencies.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.nowcast.frames;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
