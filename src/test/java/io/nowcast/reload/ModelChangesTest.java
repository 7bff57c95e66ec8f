package io.nowcast.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.batching.BatchQueues;
import io.nowcast.batching.MemoryBudget;
import io.nowcast.batching.PredictionListener;
import io.nowcast.batching.QueueLimits;
import io.nowcast.batching.Requester;
import io.nowcast.batching.Reservation;
import io.nowcast.batching.WorkingMemory;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
import io.nowcast.model.ChangeAttempt;
import io.nowcast.model.DeviceName;
import io.nowcast.model.ModelCatalogue;
import io.nowcast.model.ModelException;
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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** Changes with an engine whose models answer with the number that is in their weights file. */
@Timeout(60)
class ModelChangesTest {

    private static final String MANIFEST =
            """
            weights: weights.pth
            frames: {input: 1, output: 2}
            interval: PT5M
            scaling: {kind: linear-rain, divisor: 1}
            missing: {fill: dry, mask-channel: false}
            warm-up: [8x8]
            """;
    private static final Duration SETTLE = Duration.ofSeconds(10);
    private static final int COPIES = 2;

    @TempDir Path directory;
    @TempDir Path copies;

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private final AtomicLong clock = new AtomicLong();
    private final ModelCatalogue catalogue = new ModelCatalogue("model");
    private final BatchQueues queues =
            new BatchQueues(
                    new QueueLimits(64, 1, 1 << 20, Duration.ZERO, Duration.ofSeconds(1)),
                    new MemoryBudget(1 << 20),
                    PredictionListener.NONE,
                    System::nanoTime);
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile CountDownLatch loading = new CountDownLatch(0);
    private WorkerPool pool;
    private ModelChanges changes;
    private ModelWatch watch;

    @BeforeEach
    void start() throws IOException {
        write("1");
        start(true);
    }

    private void start(boolean changeable) {
        ModelRepository repository = new ModelRepository(List.of(directory));
        ModelSnapshots snapshots = new ModelSnapshots(changeable, Optional.of(copies));
        pool =
                new WorkerPool(
                        repository,
                        snapshots,
                        new ReadingLoader(),
                        catalogue,
                        queues,
                        PredictionListener.NONE,
                        new PoolSettings(
                                "cpu",
                                COPIES,
                                _ -> 1,
                                Map.of(),
                                new WorkingMemory(OptionalLong.of(1 << 30), 0),
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(20),
                                Duration.ofMinutes(2)),
                        System::nanoTime,
                        InstantSource.fixed(Instant.EPOCH));
        changes =
                new ModelChanges(
                        repository,
                        snapshots,
                        catalogue,
                        pool,
                        ChangeListener.NONE,
                        InstantSource.fixed(Instant.EPOCH));
        watch = new ModelWatch(repository, snapshots, changes, pool, SETTLE, clock::get);
        pool.start();
    }

    @AfterEach
    void stop() {
        gate.countDown();
        pool.stop();
        assertThat(open).hasValue(0);
    }

    @Test
    void closesTheCopiesOfEveryGenerationThatWasReplaced() throws Exception {
        for (int round = 2; round <= 21; round++) {
            write(Integer.toString(round));
            assertThat(changes.reload("model").generation()).isEqualTo(round);
            assertThat(answer()).isEqualTo(round);
        }
        write("broken");
        for (int round = 0; round < 20; round++) {
            assertThatThrownBy(() -> changes.reload("model"))
                    .isInstanceOf(ChangeException.Refused.class)
                    .hasMessage("broken weights");
        }

        awaitOpen(COPIES);
        assertThat(mostOpen.get()).isLessThanOrEqualTo(2 * COPIES);
        // A queue goes once the last of its copies is closed, and a little later than that.
        while (queues.all().size() > 1) {
            Thread.onSpinWait();
        }
        assertThat(pool.openCopies("model")).isEqualTo(COPIES);
        // The files of what is served and of what was before it.
        assertThat(keptCopies()).isEqualTo(2);
        assertThat(answer()).isEqualTo(21);
    }

    @Test
    void copiesAndChangesNothingWhereChangesAreNotWanted() throws Exception {
        pool.stop();
        long before = keptCopies();
        start(false);
        write("2");

        assertThatThrownBy(() -> changes.reload("model"))
                .isInstanceOf(ChangeException.NotNow.class)
                .hasMessageContaining("nowcast.models.changes");
        assertThat(answer()).isEqualTo(1);
        assertThat(keptCopies()).isEqualTo(before);
    }

    @Test
    void makesOneChangeAtATime() throws Exception {
        write("2");
        gate = new CountDownLatch(1);
        loading = new CountDownLatch(1);
        CompletableFuture<ModelChange> first =
                CompletableFuture.supplyAsync(() -> changes.reload("model"));
        loading.await();

        assertThatThrownBy(() -> changes.reload("model"))
                .isInstanceOf(ChangeException.NotNow.class)
                .hasMessageContaining("model 'model' is under way");
        assertThatThrownBy(() -> changes.rollback("model"))
                .isInstanceOf(ChangeException.NotNow.class);
        assertThat(catalogue.lastChange("model").orElseThrow().state().toString())
                .isEqualTo("loading");
        assertThat(answer()).isEqualTo(1);
        gate.countDown();

        assertThat(first.join().generation()).isEqualTo(2);
        assertThat(answer()).isEqualTo(2);
    }

    @Test
    void doesNotServeWhatIsReadyOnlyAfterTheStop() throws Exception {
        write("2");
        gate = new CountDownLatch(1);
        loading = new CountDownLatch(1);
        CompletableFuture<ModelChange> late =
                CompletableFuture.supplyAsync(() -> changes.reload("model"));
        loading.await();
        CompletableFuture<Void> stop = CompletableFuture.runAsync(pool::stop);
        while (pool.isRunning()) {
            Thread.onSpinWait();
        }
        gate.countDown();

        assertThatThrownBy(late::join)
                .hasCauseInstanceOf(ChangeException.Refused.class)
                .hasMessageContaining("shutting down");
        stop.join();
        awaitOpen(0);
    }

    @Test
    void refusesAFolderThatIsBeingWritten() {
        AtomicBoolean over = new AtomicBoolean();
        Thread writer =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!over.get()) {
                                write("3".repeat(200_000));
                            }
                        });
        Optional<String> reason = Optional.empty();
        while (reason.filter(text -> text.contains("changed while it was read")).isEmpty()) {
            reason = reasonOfRefusal();
        }
        over.set(true);
        join(writer);
        assertThat(keptCopies()).isLessThanOrEqualTo(2);
    }

    @Test
    void theWatchReadsAFolderOnlyWhenItHasSettled() throws Exception {
        watch.look();
        write("2");
        look(Duration.ZERO);
        look(SETTLE.minusSeconds(1));
        write("3");
        look(SETTLE.minusSeconds(1));
        assertThat(answer()).isEqualTo(1);

        look(SETTLE.minusSeconds(1));
        assertThat(answer()).isEqualTo(1);
        look(Duration.ofSeconds(1));
        assertThat(answer()).isEqualTo(3);
        assertThat(generation()).isEqualTo(2);
    }

    @Test
    void theWatchSeesOtherWeightsOfTheSameSizeAndTime() throws Exception {
        Path weights = directory.resolve("model", "weights.pth");
        FileTime before = Files.getLastModifiedTime(weights);
        Files.writeString(weights, "2");
        Files.setLastModifiedTime(weights, before);

        look(Duration.ZERO);
        look(SETTLE);

        assertThat(answer()).isEqualTo(2);
    }

    @Test
    void theWatchLeavesAloneWhatIsServedAlready() throws Exception {
        Files.setLastModifiedTime(
                directory.resolve("model", "weights.pth"), FileTime.from(Instant.EPOCH));
        look(Duration.ZERO);
        look(SETTLE);
        assertThat(generation()).isEqualTo(1);

        // Nor does it undo what an operator did.
        write("2");
        changes.reload("model");
        changes.rollback("model");
        look(SETTLE);
        look(SETTLE);
        assertThat(generation()).isEqualTo(3);
        assertThat(answer()).isEqualTo(1);
        assertThat(keptCopies()).isEqualTo(2);
    }

    @Test
    void theWatchWaitsForAChangeThatIsUnderWay() throws Exception {
        look(Duration.ZERO);
        write("2");
        look(Duration.ZERO);
        gate = new CountDownLatch(1);
        loading = new CountDownLatch(1);
        CompletableFuture<ModelChange> first =
                CompletableFuture.supplyAsync(() -> changes.reload("model"));
        loading.await();
        write("3");
        look(Duration.ZERO);
        look(SETTLE);
        gate.countDown();
        first.join();
        assertThat(answer()).isEqualTo(2);

        look(Duration.ZERO);

        assertThat(answer()).isEqualTo(3);
    }

    @Test
    void theWatchLooksAtTheFoldersBehindOneThatItCannotRead() throws Exception {
        write("2");
        write("n-gone", "1");
        write("z-later", "1");
        look(Duration.ZERO);
        gate = new CountDownLatch(1);
        loading = new CountDownLatch(1);
        CompletableFuture<Void> look = CompletableFuture.runAsync(() -> look(SETTLE));
        loading.await();
        FileSystemUtils.deleteRecursively(directory.resolve("n-gone"));
        gate.countDown();
        look.join();

        assertThat(catalogue.find("n-gone")).isEmpty();
        assertThat(catalogue.find("z-later")).isPresent();
    }

    @Test
    void theWatchTriesWhatFailsUnexpectedlyOnce() throws Exception {
        long before = keptCopies();
        Files.writeString(
                directory.resolve("model", "model.yaml"),
                MANIFEST.replace("weights.pth", "\"weights\\0.pth\""));
        look(Duration.ZERO);
        look(SETTLE);

        ChangeAttempt attempt = catalogue.lastChange("model").orElseThrow();
        assertThat(attempt.state()).isEqualTo(ChangeAttempt.State.REFUSED);
        assertThat(attempt.reason().orElseThrow()).contains("Nul character not allowed");
        assertThat(keptCopies()).isEqualTo(before);
        look(SETTLE);
        assertThat(catalogue.lastChange("model").orElseThrow()).isSameAs(attempt);
        assertThat(answer()).isEqualTo(1);
    }

    private Optional<String> reasonOfRefusal() {
        try {
            changes.reload("model");
            return Optional.empty();
        } catch (ChangeException.Refused refused) {
            return Optional.ofNullable(refused.getMessage());
        }
    }

    private void look(Duration later) {
        clock.addAndGet(later.toNanos());
        watch.look();
    }

    private int generation() {
        return catalogue.find("model").orElseThrow().generation().number();
    }

    private void awaitOpen(int number) {
        while (open.get() != number) {
            Thread.onSpinWait();
        }
    }

    private long keptCopies() {
        try (Stream<Path> roots = Files.list(copies);
                Stream<Path> kept = Files.list(roots.findFirst().orElseThrow())) {
            return kept.filter(Files::isDirectory).count();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException problem) {
            throw new IllegalStateException(problem);
        }
    }

    private void write(String weights) {
        write("model", weights);
    }

    private void write(String name, String weights) {
        try {
            Path folder = Files.createDirectories(directory.resolve(name));
            Files.writeString(folder.resolve("model.yaml"), MANIFEST);
            Files.writeString(folder.resolve("weights.pth"), weights);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** The number that the model which is served now answers with. */
    private float answer() throws InterruptedException {
        ModelFrames input = new ModelFrames(1, 1, new GridShape(8, 8), new float[64]);
        try (Reservation reservation =
                queues.find("model", generation())
                        .orElseThrow()
                        .reserve(new Requester("client", 3, Duration.ofMinutes(1)), 0)) {
            return reservation
                    .submit(List.of(new Reservation.Work(input, 2, 1)))
                    .getFirst()
                    .await(() -> false)
                    .forecast()
                    .values()[0];
        }
    }

    private final class ReadingLoader implements ModelLoader {

        @Override
        public List<DeviceName> devices(String configured) {
            return List.of(DeviceName.CPU);
        }

        @Override
        public NowcastModel load(ModelFolder folder, Placement placement) {
            try {
                String weights =
                        Files.readString(folder.weights().firstEntry().getValue()).substring(0, 1);
                loading.countDown();
                gate.await();
                if (weights.equals("b")) {
                    throw new ModelException("broken weights");
                }
                String all = Files.readString(folder.weights().firstEntry().getValue());
                mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
                return new NumberModel(all.length() < 9 ? Float.parseFloat(all) : 0);
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            } catch (InterruptedException problem) {
                throw new IllegalStateException(problem);
            }
        }
    }

    private final class NumberModel implements NowcastModel {

        private final float number;

        private NumberModel(float number) {
            this.number = number;
        }

        @Override
        public List<ModelFrames> predict(List<ModelFrames> batch, int steps) {
            return batch.stream()
                    .map(input -> {
                        float[] values = new float[steps * (int) input.grid().pixels()];
                        Arrays.fill(values, number);
                        return new ModelFrames(steps, 1, input.grid(), values);
                    })
                    .toList();
        }

        @Override
        public ModelFacts facts() {
            return new ModelFacts(
                    "number", "" + number, 0, 1, 1, Optional.empty(), false, "float32");
        }

        @Override
        public void close() {
            open.decrementAndGet();
        }
    }
}
