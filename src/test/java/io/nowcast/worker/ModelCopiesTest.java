package io.nowcast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.batching.BatchQueue;
import io.nowcast.batching.BatchQueues;
import io.nowcast.batching.MemoryBudget;
import io.nowcast.batching.PredictionListener;
import io.nowcast.batching.QueueLimits;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelException;
import io.nowcast.model.ModelFolder;
import io.nowcast.model.ModelLoader;
import io.nowcast.model.ModelRepository;
import io.nowcast.model.NowcastModel;
import io.nowcast.model.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ModelCopiesTest {

    private static final DeviceName CPU = DeviceName.CPU;

    @TempDir Path directory;

    private final Set<ModelCopies> ended = new CopyOnWriteArraySet<>();
    private final List<WorkerThread> threads = new ArrayList<>();

    /**
     * Else they would count as alive until the process ends, and no other generation of the model
     * be loaded. A thread that was started before stands for one that the machine does not give.
     */
    @Test
    void endsWhereNotAllOfItsThreadsCouldBeStarted() throws Exception {
        ModelCopies copies = copies();
        threads.get(1).start();

        assertThatThrownBy(() ->
                        copies.load(Duration.ofSeconds(20), List.of(CPU), InstantSource.system()))
                .isInstanceOf(IllegalThreadStateException.class);

        assertThat(copies.awaitEnd(Duration.ofSeconds(20))).isTrue();
        assertThat(copies.open()).isZero();
        for (WorkerThread thread : threads) {
            thread.join(Duration.ofSeconds(20));
        }
        assertThat(ended).containsExactly(copies);
    }

    private ModelCopies copies() throws IOException {
        Path model = Files.createDirectory(directory.resolve("radar"));
        Files.writeString(
                model.resolve("model.yaml"),
                """
                weights: weights.pth
                frames: {input: 1, output: 2}
                interval: PT5M
                scaling: {kind: linear-rain, divisor: 1}
                missing: {fill: dry, mask-channel: false}
                """);
        Files.writeString(model.resolve("weights.pth"), "weights");
        ModelFolder folder = new ModelRepository(List.of(directory)).scan().folders().getFirst();
        BatchQueues queues =
                new BatchQueues(
                        new QueueLimits(4, 1, 1 << 20, Duration.ZERO, Duration.ofSeconds(1)),
                        new MemoryBudget(1 << 20),
                        PredictionListener.NONE,
                        System::nanoTime);
        BatchQueue queue = queues.open("radar", 1, 1);
        return new ModelCopies(
                folder, 1, queue, onEnd -> threads(folder, queue, onEnd), ended::add);
    }

    private List<WorkerThread> threads(ModelFolder folder, BatchQueue queue, Runnable onEnd) {
        DeviceTurns turns = new DeviceTurns(3, _ -> 1, System::nanoTime);
        WorkerThread.Surroundings surroundings =
                new WorkerThread.Surroundings(
                        new RefusingLoader(),
                        new ComputeDevice(CPU, turns, new DeviceMemory(1 << 20)),
                        turns.share(1),
                        queue,
                        PredictionListener.NONE,
                        () -> {},
                        System::nanoTime);
        for (int copy = 0; copy < 3; copy++) {
            threads.add(new WorkerThread(folder, new Placement(CPU, copy), surroundings, onEnd));
        }
        return threads;
    }

    /** So that each thread that starts ends at once. */
    private static final class RefusingLoader implements ModelLoader {

        @Override
        public List<DeviceName> devices(String configured) {
            return List.of(CPU);
        }

        @Override
        public OptionalLong memory(DeviceName device) {
            return OptionalLong.empty();
        }

        @Override
        public NowcastModel load(ModelFolder folder, Placement placement) {
            throw new ModelException("bad weights");
        }
    }
}
