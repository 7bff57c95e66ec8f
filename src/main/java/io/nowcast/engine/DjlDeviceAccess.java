package io.nowcast.engine;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

/** A device through DJL. */
final class DjlDeviceAccess implements DeviceAccess {

    private final Device device;

    DjlDeviceAccess(Device device) {
        this.device = device;
    }

    @Override
    public void releaseCachedMemory() {
        JniUtils.emptyCudaCache();
    }

    @Override
    public void touch() {
        try (PtNDManager manager = PyTorch.newManager(device)) {
            manager.create(new float[] {1}).toFloatArray();
        }
    }
}
