/**
 * The canonical description of a recurrent network: its cells, passes and read-out, and its
 * weights. Says what a network computes, not how a checkpoint stores it or an engine runs it.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"frames"})
package io.nowcast.network;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
