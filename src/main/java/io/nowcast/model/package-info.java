/**
 * What a servable model is: its manifest, the folder that holds it, and the ports through which an
 * engine loads and runs it. Knows no engine.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"frames", "scaling", "settings"})
package io.nowcast.model;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
