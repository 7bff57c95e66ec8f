package io.nowcast.engine;

import io.nowcast.model.DeviceName;

/**
 * Where the tests of the networks compute: on the CPU, or with {@code -Dnowcast.device=cuda:0} on a
 * GPU, where {@code NVIDIA_TF32_OVERRIDE=0} in the environment turns TF32 off.
 */
final class TestedDevice {

    static final DeviceName NAME = DeviceName.parse(System.getProperty("nowcast.device", "cpu"));

    /**
     * TF32, cuDNN's way with float32, keeps 10 bits: a product is off by up to 2^-10. Steps of
     * recurrence and norms add that up, to 0.03 of the range in the worst network measured.
     */
    private static final float OF_TF32 = 0.05f;

    private TestedDevice() {}

    /** The tolerance of a float32 answer where products may be of TF32. */
    static float tolerance(float ofFloat32) {
        boolean exact = "0".equals(System.getenv("NVIDIA_TF32_OVERRIDE"));
        return NAME.isCuda() && !exact ? OF_TF32 : ofFloat32;
    }

    /**
     * By how much an answer may differ from the same one computed beside others: cuDNN chooses its
     * kernels by the size of the batch.
     */
    static float tolerance(float ofCpu, float ofGpu) {
        return NAME.isCuda() ? tolerance(ofGpu) : ofCpu;
    }
}
