/**
 * Turns bytes into frames and frames into bytes, a class a format. Checks every size that the input
 * promises before it allocates.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"frames", "projection"})
package io.nowcast.codec;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
