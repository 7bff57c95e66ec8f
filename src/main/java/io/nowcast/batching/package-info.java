/**
 * The bounded queue between requests and devices, and the forming of batches from it. Every
 * accepted prediction is completed exactly once.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"frames", "settings"})
package io.nowcast.batching;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
