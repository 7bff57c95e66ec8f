/**
 * What is made of a forecast besides its frames: a product turns frames into other frames, a region
 * turns frames into numbers. Each is asked for by one query parameter.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"frames", "projection"})
package io.nowcast.products;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
