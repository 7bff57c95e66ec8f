package io.nowcast.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.accelerator.AcceleratorReading;
import io.nowcast.batching.BatchQueues;
import io.nowcast.batching.MemoryBudget;
import io.nowcast.batching.PredictionListener;
import io.nowcast.batching.QueueLimits;
import io.nowcast.batching.WorkingMemory;
import io.nowcast.frames.ModelFrames;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelCatalogue;
import io.nowcast.model.ModelFacts;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelLoader;
import io.nowcast.model.ModelRepository;
import io.nowcast.model.ModelSnapshots;
import io.nowcast.model.NowcastModel;
import io.nowcast.model.Placement;
import io.nowcast.worker.PoolSettings;
import io.nowcast.worker.WorkerPool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Status;

/** Readiness follows the workers: not before they serve, and no longer once they stop. */
class WorkersHealthIndicatorTest {

    private static final String NAME = "radar-convgru";

    @Test
    void isUpOnlyWhileWorkersServe(@TempDir Path directory) throws IOException {
        writeModel(directory.resolve(NAME));
        ModelCatalogue catalogue = new ModelCatalogue(NAME);
        WorkerPool pool = pool(directory, catalogue, DeviceName.CPU);
        WorkersHealthIndicator indicator = new WorkersHealthIndicator(pool, catalogue);

        assertThat(indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        pool.start();
        assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        assertThat(indicator.health().getDetails()).containsEntry(NAME + "@cpu", "serving");
        pool.stop();
        assertThat(indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(indicator.health().getDetails()).containsEntry(NAME + "@cpu", "stopped");
    }

    /** No call has failed yet: the driver alone knows. */
    @Test
    void livenessGoesOffWhenTheDriverLosesAGpu(@TempDir Path directory) throws IOException {
        writeModel(directory.resolve(NAME));
        DeviceName gpu = new DeviceName("cuda", 0);
        WorkerPool pool = pool(directory, new ModelCatalogue(NAME), gpu);
        AtomicBoolean lost = new AtomicBoolean();
        DevicesHealthIndicator indicator =
                new DevicesHealthIndicator(
                        pool,
                        device ->
                                Optional.of(
                                        new AcceleratorReading(1, 2, 0.5, 60, 100, lost.get())));
        pool.start();
        try {
            assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
            lost.set(true);
            assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
            assertThat(indicator.health().getDetails().get("lost"))
                    .asString()
                    .contains("cuda:0", "the driver says");
        } finally {
            pool.stop();
        }
    }

    private static WorkerPool pool(Path directory, ModelCatalogue catalogue, DeviceName device) {
        return new WorkerPool(
                new ModelRepository(List.of(directory)),
                new ModelSnapshots(true, Optional.of(directory)),
                new InstantLoader(device),
                catalogue,
                new BatchQueues(
                        new QueueLimits(4, 1, 1 << 24, Duration.ZERO, Duration.ZERO),
                        new MemoryBudget(1 << 24),
                        PredictionListener.NONE,
                        System::nanoTime),
                PredictionListener.NONE,
                new PoolSettings(
                        "cpu",
                        1,
                        _ -> 1,
                        Map.of(),
                        new WorkingMemory(OptionalLong.of(1 << 30), 0),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20)),
                System::nanoTime,
                InstantSource.system());
    }

    private static void writeModel(Path folder) throws IOException {
        Files.createDirectory(folder);
        String manifest = "/models/" + NAME + "/" + ModelRepository.MANIFEST;
        try (InputStream in =
                Objects.requireNonNull(
                        WorkersHealthIndicatorTest.class.getResourceAsStream(manifest))) {
            Files.copy(in, folder.resolve(ModelRepository.MANIFEST));
        }
        Files.writeString(folder.resolve("weights.pth"), "never read");
    }

    /** Loads nothing, onto one device. */
    private record InstantLoader(DeviceName device) implements ModelLoader {

        @Override
        public NowcastModel load(ModelFolder folder, Placement placement) {
            return new DryModel();
        }

        @Override
        public List<DeviceName> devices(String configured) {
            return List.of(device);
        }
    }

    /** Forecasts no rain. */
    private static final class DryModel implements NowcastModel {

        @Override
        public List<ModelFrames> predict(List<ModelFrames> batch, int steps) {
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
            return new ModelFacts(
                    "dry", "0".repeat(64), 0, 1, 1, Optional.empty(), false, "float32");
        }

        @Override
        public void close() {}
    }
}
