/** Bounds of what an operator sets, refused in one form. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.nowcast.settings;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
