package io.nowcast.model;

import java.util.List;
import java.util.OptionalLong;

/** The port to an inference engine. */
public interface ModelLoader {

    /**
     * Loads a copy of a model; called on the thread that will own it.
     *
     * @throws ModelException if the weights are refused or do not fit the manifest
     */
    NowcastModel load(ModelFolder folder, Placement placement);

    /**
     * The devices that a configuration means: {@code auto} is every CUDA device, or the CPU where
     * there is none.
     *
     * @throws ModelException if a device is asked for that this machine does not have
     */
    List<DeviceName> devices(String configured);

    /** The bytes of memory that a device has of its own; empty where it has the machine's. */
    default OptionalLong memory(DeviceName device) {
        return OptionalLong.empty();
    }
}
