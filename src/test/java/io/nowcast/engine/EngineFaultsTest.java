package io.nowcast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelException;
import io.nowcast.model.NowcastModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/** What becomes of a failure on a GPU, with the GPU's answers injected; and on this processor. */
class EngineFaultsTest {

    private static final String NO_MEMORY = "CUDA out of memory. Tried to allocate 3.15 GiB.";
    private static final String ILLEGAL =
            "CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be asynchronously reported";
    private static final String CUDNN = "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED";

    /** A device that answers each call with success, or with a failure of this text. */
    private static final class InjectedDevice implements DeviceAccess {
        private final List<String> calls = new ArrayList<>();
        private Optional<String> failure = Optional.empty();

        @Override
        public void releaseCachedMemory() {
            called("release");
        }

        @Override
        public void touch() {
            called("touch");
        }

        private void called(String name) {
            calls.add(name);
            failure.ifPresent(text -> {
                throw new EngineException(text);
            });
        }
    }

    private final InjectedDevice device = new InjectedDevice();
    private final EngineFaults gpu = new EngineFaults(true, device);

    @Test
    void cachedMemoryIsGivenBackBeforeTheCallerMayTryASmallerCall() {
        EngineException failure = new EngineException(NO_MEMORY);

        ModelException explained = gpu.explain("the engine failed", failure);

        assertThat(explained)
                .isInstanceOf(ModelException.OutOfMemory.class)
                .hasMessage("the engine failed: " + NO_MEMORY)
                .hasCause(failure);
        assertThat(device.calls).containsExactly("release");
    }

    @Test
    void aFullDeviceThatCannotGiveMemoryBackIsStillOnlyFull() {
        device.failure = Optional.of("CUDA error: operation not supported");

        assertThat(gpu.explain("x", new EngineException(NO_MEMORY)))
                .isInstanceOf(ModelException.OutOfMemory.class);
    }

    @Test
    void aDeviceThatDiesWhileItGivesMemoryBackIsLost() {
        device.failure = Optional.of(ILLEGAL);

        assertThat(gpu.explain("x", new EngineException(NO_MEMORY)))
                .isInstanceOf(ModelException.DeviceLost.class)
                .hasMessageContaining("Tried to allocate")
                .hasMessageEndingWith("an illegal memory access was encountered");
    }

    @Test
    void aStickyErrorNeedsNoQuestion() {
        assertThat(gpu.explain("the engine failed", new EngineException(ILLEGAL)))
                .isInstanceOf(ModelException.DeviceLost.class)
                .hasMessage(
                        "the engine failed: CUDA error: an illegal memory access was encountered");
        assertThat(device.calls).isEmpty();
    }

    @Test
    void anotherFailureOfADeviceThatStillAnswersIsTheCallsOwn() {
        ModelException explained = gpu.explain("x", new EngineException(CUDNN));

        assertThat(explained.getClass()).isEqualTo(ModelException.class);
        assertThat(device.calls).containsExactly("touch");
    }

    @Test
    void aLibraryThatHidesALostDeviceIsSeenThrough() {
        device.failure = Optional.of(ILLEGAL);

        assertThat(gpu.explain("x", new EngineException(CUDNN)))
                .isInstanceOf(ModelException.DeviceLost.class)
                .hasMessageContaining("CUDNN_STATUS_EXECUTION_FAILED")
                .hasMessageEndingWith("an illegal memory access was encountered");
    }

    @Test
    void aFullHeapLeavesTheDeviceAlone() {
        assertThat(gpu.explain("x", new OutOfMemoryError("Java heap space")))
                .isInstanceOf(ModelException.OutOfMemory.class);
        assertThat(device.calls).isEmpty();
    }

    @Test
    void aProcessorIsNeitherAskedNorLost() {
        EngineFaults processor = new EngineFaults(false, device);

        assertThat(processor.explain("x", new EngineException(ILLEGAL)).getClass())
                .isEqualTo(ModelException.class);
        assertThat(processor.explain("x", new EngineException(CUDNN)).getClass())
                .isEqualTo(ModelException.class);
        assertThat(processor.explain("x", new EngineException(NO_MEMORY)))
                .isInstanceOf(ModelException.OutOfMemory.class);
        assertThat(device.calls).isEmpty();
    }

    /** PyTorch's own text, by asking this processor for 4 exbibytes. */
    @Test
    void realExhaustionOfMemory() {
        try (PtNDManager manager = PyTorch.newManager(Device.cpu())) {
            Throwable failure = catchThrowable(() -> manager.zeros(new Shape(1L << 60)));

            assertThat(failure).isInstanceOf(EngineException.class);
            assertThat(EngineFault.of(failure)).isEqualTo(EngineFault.OUT_OF_MEMORY);
        }
    }

    /** The same inside of a module: the interpreter's text is around it. */
    @Test
    void realExhaustionOfMemoryInAModel() {
        ModelFrames frames = new ModelFrames(2, 1, new GridShape(8, 8), new float[128]);
        SequencedMap<String, Path> weights = new LinkedHashMap<>();
        weights.put("weights", Path.of("src/test/resources/engine/greedy/weights.pt"));
        try (NowcastModel model = new DjlModelLoader().open(weights, Map.of(), DeviceName.CPU)) {

            assertThat(model.predict(List.of(frames), 1).getFirst().length()).isEqualTo(1);
            assertThatThrownBy(() -> model.predict(List.of(frames), 2))
                    .isInstanceOf(ModelException.OutOfMemory.class)
                    .hasMessageStartingWith("the engine failed: RuntimeError: ")
                    .hasMessageContaining("can't allocate memory")
                    .hasMessageContaining("4611686018427387904 bytes");
            assertThat(model.predict(List.of(frames), 1).getFirst().length()).isEqualTo(1);
        }
    }

    @Test
    void aRealDeviceAnswersTheTouch() {
        DeviceAccess processor = new DjlDeviceAccess(Device.cpu());

        processor.touch();
        processor.releaseCachedMemory();

        assertThatThrownBy(() -> new DjlDeviceAccess(Device.gpu(0)).touch())
                .isInstanceOf(EngineException.class);
    }
}
