/**
 * The command line of the service's jar: what is in a checkpoint, the TorchScript module that it
 * becomes, and whether that gives the expected numbers.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "checkpoint",
            "layout",
            "network",
            "torchscript",
            "model",
            "frames",
            "codec",
            "engine",
            "security"
        })
package io.nowcast.cli;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
