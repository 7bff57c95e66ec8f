package io.nowcast.engine;

/** The port to the device of a failed call. Both methods throw what the engine throws. */
interface DeviceAccess {

    /** Gives back the memory that PyTorch keeps for later calls. */
    void releaseCachedMemory();

    /** Copies a number there and back, which waits for all work before it. */
    void touch();
}
