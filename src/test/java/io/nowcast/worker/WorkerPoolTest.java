package io.nowcast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.batching.BatchLimits;
import io.nowcast.batching.BatchQueues;
import io.nowcast.batching.PendingPrediction;
import io.nowcast.batching.PredictionException;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelCatalogue;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFacts;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelLoader;
import io.nowcast.model.ModelRepository;
import io.nowcast.model.NowcastModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pool with an engine that adds one to its input and fails where it is told to. */
@Timeout(30)
class WorkerPoolTest {

    private static final float POISON = 666;
    private static final float DEADLY_POISON = 667;

    private static final String MANIFEST =
            """
            weights: weights.pth
            frames: {input: 1, output: 2}
            interval: PT5M
            scaling: {kind: linear-rain, divisor: 1}
            missing: {fill: dry, mask-channel: false}
            warm-up: [8x8]
            """;

    @TempDir Path directory;

    private final BatchQueues queues = new BatchQueues(new BatchLimits(16, 1 << 20, 4, 1 << 20));
    private final ModelCatalogue catalogue = new ModelCatalogue("good");
    private final Set<Thread> callers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);
    private volatile boolean gated;

    @BeforeEach
    void writeModels() throws IOException {
        for (String name : List.of("good", "other", "broken")) {
            Files.createDirectory(directory.resolve(name));
            Files.writeString(directory.resolve(name, "model.yaml"), MANIFEST);
            Files.writeString(directory.resolve(name, "weights.pth"), name);
        }
    }

    @Test
    void servesTheSoundModelsAndTellsWhyOthersAreNot() throws InterruptedException {
        WorkerPool pool = pool(catalogue);
        pool.start();

        assertThat(catalogue.models())
                .extracting(model -> model.name())
                .containsExactly("good", "other");
        assertThat(catalogue.broken())
                .containsExactly(java.util.Map.entry("broken", "bad weights"));
        assertThat(pool.status())
                .extracting(WorkerPool.WorkerStatus::serving)
                .containsExactly(true, true, true, true);
        assertThat(ask("good", 3).await().forecast().values()).containsOnly(4f);
        pool.stop();
    }

    @Test
    void startsOnlyWithItsDefaultModel() {
        WorkerPool withBroken = pool(new ModelCatalogue("broken"));
        assertThatThrownBy(withBroken::start)
                .isInstanceOf(ModelException.class)
                .hasMessage("the default model 'broken' cannot be served: bad weights");

        WorkerPool withNone = pool(new ModelCatalogue("nowhere"));
        assertThatThrownBy(withNone::start)
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("there is no folder of this name");
        assertThat(open).hasValue(0);
    }

    @Test
    void callsEachCopyOnOneThreadOnly() throws InterruptedException {
        WorkerPool pool = pool(catalogue);
        pool.start();
        for (int index = 0; index < 20; index++) {
            ask("good", index).await();
        }
        pool.stop();

        // Three folders on two devices: two sound ones are warmed up and serve, each on its own
        // thread.
        assertThat(callers).hasSize(4).doesNotContain(Thread.currentThread());
    }

    @Test
    void failsOnlyThePredictionAtFault() throws InterruptedException {
        WorkerPool pool = pool(catalogue);
        pool.start();
        gated = true;
        // The first calls keep both devices busy until the others wait together and share a call.
        List<PendingPrediction> first = List.of(ask("good", 0), ask("good", 0));
        PendingPrediction before = ask("good", 1);
        PendingPrediction poisoned = ask("good", POISON);
        PendingPrediction after = ask("good", 2);
        gate.countDown();

        assertThat(before.await().forecast().values()).containsOnly(2f);
        assertThat(after.await().forecast().values()).containsOnly(3f);
        assertThatThrownBy(poisoned::await)
                .isInstanceOf(PredictionException.Failed.class)
                .hasRootCauseMessage("poisoned");
        assertThat(first.getFirst().await().forecast().values()).containsOnly(1f);
        assertThat(ask("good", 5).await().forecast().values()).containsOnly(6f);
        pool.stop();
    }

    @Test
    void survivesAnErrorOfTheVirtualMachineInAModelCall() throws InterruptedException {
        WorkerPool pool = pool(catalogue);
        pool.start();

        for (int device = 0; device < 4; device++) {
            PendingPrediction poisoned = ask("good", DEADLY_POISON);
            assertThatThrownBy(poisoned::await)
                    .isInstanceOf(PredictionException.Failed.class)
                    .hasRootCauseInstanceOf(StackOverflowError.class);
        }

        assertThat(ask("good", 5).await().forecast().values()).containsOnly(6f);
        assertThat(pool.status()).allMatch(WorkerPool.WorkerStatus::serving);
        pool.stop();
    }

    @Test
    void answersWhatItAcceptedBeforeItStops() throws InterruptedException {
        WorkerPool pool = pool(catalogue);
        pool.start();
        gated = true;
        List<PendingPrediction> accepted =
                List.of(ask("good", 1), ask("good", 2), ask("good", 3), ask("good", 4));
        gate.countDown();
        pool.stop();

        for (int index = 0; index < accepted.size(); index++) {
            assertThat(accepted.get(index).await().forecast().values()).containsOnly(index + 2f);
        }
        assertThatThrownBy(() -> ask("good", 1))
                .isInstanceOf(PredictionException.QueueClosed.class);
        assertThat(open).hasValue(0);
        assertThat(pool.isRunning()).isFalse();
        assertThat(pool.status()).noneMatch(WorkerPool.WorkerStatus::serving);
    }

    private WorkerPool pool(ModelCatalogue models) {
        return new WorkerPool(
                new ModelRepository(List.of(directory)),
                new AddingLoader(),
                models,
                queues,
                "both",
                new WorkerPool.Patience(Duration.ofSeconds(20), Duration.ofSeconds(20)));
    }

    private PendingPrediction ask(String model, float value) {
        GridShape grid = new GridShape(8, 8);
        float[] values = new float[(int) grid.pixels()];
        java.util.Arrays.fill(values, value);
        PendingPrediction prediction =
                new PendingPrediction(
                        new ModelFrames(1, 1, grid, values), 2, Duration.ofSeconds(20));
        queues.find(model).orElseThrow().submit(prediction);
        return prediction;
    }

    private final class AddingLoader implements ModelLoader {

        @Override
        public List<DeviceName> devices(String configured) {
            return List.of(new DeviceName("cuda", 0), new DeviceName("cuda", 1));
        }

        @Override
        public NowcastModel load(ModelFolder folder, DeviceName device) {
            if (folder.name().equals("broken")) {
                throw new ModelException("bad weights");
            }
            open.incrementAndGet();
            return new AddingModel();
        }
    }

    private final class AddingModel implements NowcastModel {

        @Override
        public List<ModelFrames> predict(List<ModelFrames> batch, int steps) {
            callers.add(Thread.currentThread());
            waitAtTheGate();
            return batch.stream().map(input -> plusOne(input, steps)).toList();
        }

        private void waitAtTheGate() {
            try {
                if (gated) {
                    gate.await();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        private static ModelFrames plusOne(ModelFrames input, int steps) {
            int plane = input.values().length;
            float[] values = new float[steps * plane];
            for (int index = 0; index < values.length; index++) {
                values[index] = input.values()[index % plane] + 1;
            }
            if (input.values()[0] == POISON) {
                throw new IllegalStateException("poisoned");
            }
            if (input.values()[0] == DEADLY_POISON) {
                throw new StackOverflowError("poisoned");
            }
            return new ModelFrames(steps, 1, input.grid(), values);
        }

        @Override
        public ModelFacts facts() {
            return new ModelFacts("adding", "0", 0, 1, 1, Optional.empty(), false, "float32");
        }

        @Override
        public void close() {
            open.decrementAndGet();
        }
    }
}
