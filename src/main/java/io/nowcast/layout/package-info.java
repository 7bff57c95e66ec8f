/**
 * Recognises the network behind the keys of a checkpoint, a class a layout, and rewrites its
 * weights into the canonical form. What keys do not tell is asked of the manifest, or is what the
 * published code does unless the manifest says otherwise.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"checkpoint", "network"})
package io.nowcast.layout;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
