/**
 * The HTTP contract: bodies, parameters, headers, problem details and their OpenAPI description.
 * The only package that knows a status code.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "forecast",
            "codec",
            "frames",
            "products",
            "security",
            "reload",
            "settings"
        })
package io.nowcast.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
