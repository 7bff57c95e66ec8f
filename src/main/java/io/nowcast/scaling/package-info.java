/**
 * Converts physical rain to the number range of a model and back, missing data included. Plain
 * arithmetic on arrays.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"frames"})
package io.nowcast.scaling;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
