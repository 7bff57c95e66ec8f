/** The use case: radar frames in, forecast frames out. Knows no HTTP and no engine. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {"frames", "scaling", "model", "batching", "tiling", "settings"})
package io.nowcast.forecast;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
