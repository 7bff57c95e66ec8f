/**
 * Who may use the service and how much: keys or tokens with scopes, quotas a client, and the
 * headers that browsers obey. Says why a request is refused; what that is in HTTP, {@code web}
 * knows.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"settings", "schedule"})
package io.nowcast.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
