/**
 * Cuts frames that are too large for one model call into overlapping tiles of one shape, and blends
 * the tiles' answers into one. Plain geometry: knows no model.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"frames"})
package io.nowcast.tiling;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
