package io.nowcast.http;

import io.nowcast.frames.ModelFrames;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFacts;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelLoader;
import io.nowcast.model.NowcastModel;
import io.nowcast.model.Placement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** An engine whose model forecasts no rain, or fails as the test says. */
final class InjectedModel implements ModelLoader, NowcastModel {

    /** What the next calls do. */
    enum Fault {
        NONE,
        THROWS,
        OUT_OF_MEMORY,
        DEVICE_LOST,
        /** Waits until it is {@link #release released}. */
        HANGS
    }

    private final Semaphore gate = new Semaphore(0);
    private volatile Fault fault = Fault.NONE;
    private volatile int hanging;

    void inject(Fault next) {
        fault = next;
    }

    void release() {
        fault = Fault.NONE;
        gate.release();
    }

    /** Waits until a call hangs. */
    void awaitHanging() {
        while (hanging == 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public NowcastModel load(ModelFolder folder, Placement placement) {
        return this;
    }

    @Override
    public List<DeviceName> devices(String configured) {
        return List.of(DeviceName.CPU);
    }

    @Override
    public List<ModelFrames> predict(List<ModelFrames> batch, int steps) {
        switch (fault) {
            case NONE -> {}
            case THROWS -> throw new IllegalStateException("injected secret detail");
            case OUT_OF_MEMORY ->
                    throw new ModelException.OutOfMemory(
                            "CUDA out of memory", new OutOfMemoryError());
            case DEVICE_LOST ->
                    throw new ModelException.DeviceLost(
                            "CUDA error: an illegal memory access was encountered",
                            new IllegalStateException());
            case HANGS -> {
                hanging = 1;
                gate.acquireUninterruptibly();
                hanging = 0;
            }
        }
        return batch.stream()
                .map(frames ->
                        new ModelFrames(
                                steps,
                                1,
                                frames.grid(),
                                new float[steps * (int) frames.grid().pixels()]))
                .toList();
    }

    @Override
    public ModelFacts facts() {
        return new ModelFacts("dry", "0".repeat(64), 0, 1, 1, Optional.empty(), false, "float32");
    }

    @Override
    public void close() {}
}
