/**
 * Changes of models while the service runs: on request or because their folder changed, loaded
 * beside what is served, switched to if sound, and taken back on request.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"model", "worker", "schedule"})
package io.nowcast.reload;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
