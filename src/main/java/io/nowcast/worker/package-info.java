/**
 * One pinned thread and one model copy a device and model, from loading and warm-up to drain. A
 * failing prediction never takes its neighbours down.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"batching", "model", "frames", "settings", "schedule"})
package io.nowcast.worker;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
