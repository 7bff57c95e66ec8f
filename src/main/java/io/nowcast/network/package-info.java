/**
 * The canonical description of a recurrent network: its cells, stages and read-out, and its
 * weights. Says what a network computes, not how a checkpoint stores it or an engine runs it.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.nowcast.network;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
