/**
 * Runs models on the PyTorch engine of DJL: the only importer of {@code ai.djl}. Tensors live and
 * die inside this package.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "model",
            "frames",
            "codec",
            "checkpoint",
            "layout",
            "torchscript",
            "network",
            "accelerator"
        })
package io.nowcast.engine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
