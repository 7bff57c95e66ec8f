package io.nowcast.engine;

import io.nowcast.model.WeightsLoader;

/** The way to the engine for whoever has weights and no service. */
public final class CheckpointRunner {

    private CheckpointRunner() {}

    /** Loads the native library with the first weights. */
    public static WeightsLoader loader() {
        return new DjlModelLoader();
    }
}
