/** What is done again and again while the service runs. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.nowcast.schedule;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
