/**
 * What an operator sees: meters, health and their names in one catalogue. Observes the other
 * packages through their listeners and never changes what they do.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "batching",
            "worker",
            "model",
            "forecast",
            "accelerator",
            "reload",
            "security"
        })
package io.nowcast.observability;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
