package io.nowcast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.batching.BatchQueues;
import io.nowcast.batching.MemoryBudget;
import io.nowcast.batching.PendingPrediction;
import io.nowcast.batching.Prediction;
import io.nowcast.batching.PredictionException;
import io.nowcast.batching.PredictionListener;
import io.nowcast.batching.QueueLimits;
import io.nowcast.batching.Requester;
import io.nowcast.batching.Reservation;
import io.nowcast.batching.WorkingMemory;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.ModelFrames;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pool with an engine that adds one to its input and fails where it is told to. */
@Timeout(30)
class WorkerPoolTest {

    private static final float POISON = 666;
    private static final float DEADLY_POISON = 667;
    private static final float TOO_MUCH = 668;
    private static final float BREAKS_THE_DEVICE = 669;

    private static final Instant LOADED_AT = Instant.parse("2026-01-01T00:00:00Z");

    private static final Duration STUCK = Duration.ofMinutes(2);

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

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final AtomicLong clock = new AtomicLong();
    private BatchQueues queues = queues(4);
    private WorkingMemory memory = new WorkingMemory(OptionalLong.of(1 << 30), 0);
    private Map<DeviceName, Long> deviceMemory = Map.of();
    private final ModelCatalogue catalogue = new ModelCatalogue("good");
    private final Set<Thread> callers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private final Semaphore rests = new Semaphore(0);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<Integer> batches = new CopyOnWriteArrayList<>();
    private volatile boolean gated;
    private volatile Runnable onCall = () -> {};
    private volatile int largestBatch = Integer.MAX_VALUE;
    private volatile Optional<String> breakOnly = Optional.empty();
    private final AtomicInteger calls = new AtomicInteger();
    private List<DeviceName> devices =
            List.of(new DeviceName("cuda", 0), new DeviceName("cuda", 1));
    private int cpuWorkers = 1;

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
        assertThat(catalogue.broken()).containsExactly(Map.entry("broken", "bad weights"));
        assertThat(pool.status())
                .extracting(WorkerStatus::serving)
                .containsExactly(true, true, true, true);
        assertThat(answer(ask("good", 3)).forecast().values()).containsOnly(4f);
        pool.stop();
    }

    /** The context is made meanwhile. */
    @Test
    void loadsItsModelsBeforeItIsStarted() throws InterruptedException {
        WorkerPool pool = pool(catalogue);
        pool.prepare();
        awaitOpen(4);
        assertThat(pool.isRunning()).isFalse();

        pool.start();

        assertThat(open).hasValue(4);
        assertThat(answer(ask("good", 3)).forecast().values()).containsOnly(4f);
        pool.stop();
        pool.abandon();
        pool.start();
        assertThat(answer(ask("good", 3)).forecast().values()).containsOnly(4f);
        pool.stop();
    }

    @Test
    void closesTheModelsOfAPoolThatIsNeverStarted() {
        gated = true;
        WorkerPool pool = pool(catalogue);
        pool.prepare();
        awaitOpen(2);

        pool.abandon();
        gate.countDown();

        awaitOpen(0);
    }

    @Test
    void tellsAtItsStartWhatWentWrongBefore() {
        devices = List.of();
        WorkerPool pool = pool(catalogue);
        pool.prepare();

        assertThatThrownBy(pool::start)
                .isInstanceOf(ModelException.class)
                .hasMessage("there is no such device");
    }

    /** The clock stands for whatever fails unexpectedly once the copies are there. */
    @Test
    void copiesOfAModelThatCannotBeMadeEnd() {
        WorkerPool pool =
                pool(
                        catalogue,
                        () -> {
                            throw new IllegalStateException("no clock");
                        });

        assertThatThrownBy(pool::start).hasMessage("no clock");

        awaitOpen(0);
    }

    private void awaitOpen(int copies) {
        while (open.get() != copies) {
            // By the timeout of the test.
            assertThat(Thread.interrupted()).as("open copies: %s", open).isFalse();
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @CsvSource({"cuda:0, 6", "cpu, 1"})
    void sharesCallsOnGpusAloneWhereNobodyChose(String device, int largest)
            throws InterruptedException {
        devices = List.of(DeviceName.parse(device));
        queues = queues(0);
        WorkerPool pool = pool(catalogue);
        pool.start();
        batches.clear();

        for (PendingPrediction each : askTogether(1, 2, 3, 4, 5, 6)) {
            answer(each);
        }

        assertThat(batches).contains(largest);
        assertThat(batches).allMatch(size -> size <= largest);
        pool.stop();
    }

    /** Its memory is warm; see also ThreadTeam. */
    @Test
    void givesRequestsThatComeOneByOneToOneCopy() throws InterruptedException {
        devices = List.of(DeviceName.CPU);
        cpuWorkers = 3;
        WorkerPool pool = pool(catalogue);
        pool.start();
        rests.drainPermits();
        callers.clear();

        for (int request = 1; request <= 50; request++) {
            answer(ask("good", request));
            rests.acquire();
            awaitIdle(callers);
        }

        assertThat(callers).hasSize(1);
        pool.stop();
    }

    private static void awaitIdle(Set<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING) {
                thread.join(Duration.ofMillis(1));
            }
        }
    }

    /** In GB: the machine has 4, the first GPU 16 and the second 8. */
    @ParameterizedTest
    @CsvSource({
        "cuda:0 cuda:1, 0, 6",
        "cuda:0, 0, 12",
        "cpu cuda:0, 0, 4",
        "cpu, 0, 4",
        "cuda:0, 1, 1",
    })
    void takesAsWorkingMemoryWhatTheSmallestDeviceHas(String names, long configured, long least) {
        devices = Stream.of(names.split(" ", -1)).map(DeviceName::parse).toList();
        memory =
                new WorkingMemory(
                        LongStream.of(configured << 30).filter(bytes -> bytes > 0).findFirst(),
                        4L << 30);
        deviceMemory =
                Map.of(new DeviceName("cuda", 0), 16L << 30, new DeviceName("cuda", 1), 8L << 30);
        WorkerPool pool = pool(catalogue);
        pool.start();

        assertThat(memory.bytes()).isEqualTo(least << 30);
        pool.stop();
    }

    @Test
    void startsOnlyWithItsDefaultModel() {
        WorkerPool withBroken = pool(new ModelCatalogue("broken"));
        assertThatThrownBy(withBroken::start)
                .isInstanceOf(ModelException.class)
                .hasMessage(
                        "the default model 'broken' (nowcast.models.default-model) cannot be served: bad weights");

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
            answer(ask("good", index));
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

        assertThat(answer(before).forecast().values()).containsOnly(2f);
        assertThat(answer(after).forecast().values()).containsOnly(3f);
        assertThatThrownBy(() -> answer(poisoned))
                .isInstanceOf(PredictionException.Failed.class)
                .hasRootCauseMessage("poisoned");
        assertThat(answer(first.getFirst()).forecast().values()).containsOnly(1f);
        assertThat(answer(ask("good", 5)).forecast().values()).containsOnly(6f);
        pool.stop();
    }

    @Test
    void survivesAnErrorOfTheVirtualMachineInAModelCall() throws InterruptedException {
        WorkerPool pool = pool(catalogue);
        pool.start();

        for (int device = 0; device < 4; device++) {
            PendingPrediction poisoned = ask("good", DEADLY_POISON);
            assertThatThrownBy(() -> answer(poisoned))
                    .isInstanceOf(PredictionException.Failed.class)
                    .hasRootCauseInstanceOf(StackOverflowError.class);
        }

        assertThat(answer(ask("good", 5)).forecast().values()).containsOnly(6f);
        assertThat(pool.status()).allMatch(WorkerStatus::serving);
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
            assertThat(answer(accepted.get(index)).forecast().values()).containsOnly(index + 2f);
        }
        assertThatThrownBy(() -> ask("good", 1))
                .isInstanceOf(PredictionException.QueueClosed.class);
        assertThat(open).hasValue(0);
        assertThat(pool.isRunning()).isFalse();
        assertThat(pool.status()).noneMatch(WorkerStatus::serving);
    }

    @Test
    void halvesABatchThatTheDeviceHasNoMemoryFor() throws InterruptedException {
        WorkerPool pool = pool(catalogue);
        pool.start();
        largestBatch = 1;
        List<PendingPrediction> together = askTogether(1, 2, 3, 4);

        for (int index = 0; index < together.size(); index++) {
            assertThat(answer(together.get(index)).forecast().values()).containsOnly(index + 2f);
        }
        assertThat(batches).contains(4, 2, 1);
        assertThat(pool.lostDevices()).isEmpty();
        assertThat(events).doesNotContain("failed OUT_OF_MEMORY");
        pool.stop();
    }

    @Test
    void tellsWhoNeedsMoreMemoryThanThereIsAndAnswersTheOthers() throws InterruptedException {
        WorkerPool pool = pool(catalogue);
        pool.start();
        List<PendingPrediction> together = askTogether(1, TOO_MUCH, 3);

        assertThat(answer(together.get(0)).forecast().values()).containsOnly(2f);
        assertThat(answer(together.get(2)).forecast().values()).containsOnly(4f);
        assertThatThrownBy(() -> answer(together.get(1)))
                .isInstanceOf(PredictionException.OutOfMemory.class);
        assertThat(events).contains("failed OUT_OF_MEMORY");
        assertThat(pool.status()).allMatch(WorkerStatus::serving);
        pool.stop();
    }

    @Test
    void movesWorkFromALostDeviceToAnotherUntilThereIsNone() throws InterruptedException {
        WorkerPool pool = pool(catalogue);
        pool.start();
        List<PendingPrediction> together = askTogether(1, BREAKS_THE_DEVICE, 3);

        // The one that breaks devices breaks the second one too: then nothing serves.
        assertThatThrownBy(() -> answer(together.get(1)))
                .isInstanceOf(PredictionException.NoCopy.class)
                .hasMessageContaining("illegal memory access");
        for (PendingPrediction other : List.of(together.get(0), together.get(2))) {
            assertThatThrownBy(() -> answer(other)).isInstanceOf(PredictionException.NoCopy.class);
        }
        assertThat(pool.lostDevices().keySet()).containsExactly("cuda:0", "cuda:1");
        assertThatThrownBy(() -> ask("good", 1))
                .isInstanceOf(PredictionException.NoCopy.class)
                .hasMessageContaining("is lost");
        assertThat(pool.status())
                .extracting(WorkerStatus::state)
                .containsOnly(WorkerStatus.State.LOST);
        pool.stop();
        // The other model's copies on these devices ended too, without any work of their own.
        assertThat(open).hasValue(0);
    }

    @Test
    void servesOnWhereOneOfTwoDevicesIsLost() throws InterruptedException {
        WorkerPool pool = pool(catalogue);
        pool.start();
        breakOnly = Optional.of("cuda:0");
        gated = true;
        int before = calls.get();
        List<PendingPrediction> asked = new ArrayList<>();
        for (int device = 1; device <= 2; device++) {
            asked.add(ask("good", BREAKS_THE_DEVICE));
            awaitCalls(before + device);
        }
        gate.countDown();
        for (PendingPrediction prediction : asked) {
            assertThat(answer(prediction).forecast().values()).containsOnly(BREAKS_THE_DEVICE + 1);
        }
        assertThat(pool.lostDevices()).containsOnlyKeys("cuda:0");
        assertThat(answer(ask("other", 5)).device()).isEqualTo("cuda:1");
        assertThat(answer(ask("good", 5)).device()).isEqualTo("cuda:1");
        pool.stop();
    }

    @Test
    void givesUpACallThatDoesNotReturnAndTakesItsCopyBackWhenItDoes() throws InterruptedException {
        devices = List.of(DeviceName.CPU);
        WorkerPool pool = pool(catalogue);
        pool.start();
        gated = true;
        int before = calls.get();
        PendingPrediction stuck = ask("good", 1);
        awaitCalls(before + 1);
        PendingPrediction waiting = ask("good", 2);
        pool.giveUpStuckCalls();
        assertThat(pool.status()).allMatch(WorkerStatus::serving);

        clock.addAndGet(STUCK.toNanos());
        pool.giveUpStuckCalls();
        assertThat(pool.status())
                .extracting(WorkerStatus::state)
                .contains(WorkerStatus.State.STUCK);
        for (PendingPrediction failed : List.of(stuck, waiting)) {
            assertThatThrownBy(() -> answer(failed))
                    .isInstanceOf(PredictionException.NoCopy.class)
                    .hasMessageContaining("has not returned for PT2M");
        }
        assertThatThrownBy(() -> ask("good", 3)).isInstanceOf(PredictionException.NoCopy.class);
        assertThat(events).contains("failed STUCK", "failed NO_COPY");

        gate.countDown();
        while (!pool.status().stream().allMatch(WorkerStatus::serving)) {
            Thread.onSpinWait();
        }
        assertThat(answer(ask("good", 5)).forecast().values()).containsOnly(6f);
        pool.stop();
    }

    /** Five calls of 50 s, none of which hangs. */
    @Test
    void waitsForEachCallOfABatchThatIsTriedOneByOne() throws InterruptedException {
        devices = List.of(DeviceName.CPU);
        WorkerPool pool = pool(catalogue);
        pool.start();
        onCall =
                () -> {
                    clock.addAndGet(Duration.ofSeconds(50).toNanos());
                    pool.giveUpStuckCalls();
                };
        List<PendingPrediction> asked = askTogether(1, 2, POISON, 3);

        assertThat(answer(asked.get(0)).forecast().values()).containsOnly(2f);
        assertThat(answer(asked.get(1)).forecast().values()).containsOnly(3f);
        assertThatThrownBy(() -> answer(asked.get(2)))
                .isInstanceOf(PredictionException.Failed.class);
        assertThat(answer(asked.get(3)).forecast().values()).containsOnly(4f);
        assertThat(pool.status()).allMatch(WorkerStatus::serving);
        assertThat(events).doesNotContain("failed STUCK");
        pool.stop();
    }

    /** The last call hangs: those that were answered before have not failed, nor does one twice. */
    @Test
    void givesUpOnlyWhatIsNotAnswered() throws InterruptedException {
        devices = List.of(DeviceName.CPU);
        WorkerPool pool = pool(catalogue);
        pool.start();
        AtomicInteger alone = new AtomicInteger();
        onCall =
                () -> {
                    if (batches.getLast() > 1) {
                        alone.set(0);
                    } else if (alone.incrementAndGet() == 2) {
                        clock.addAndGet(STUCK.toNanos());
                        pool.giveUpStuckCalls();
                    }
                };
        List<PendingPrediction> asked = askTogether(1, POISON, POISON);

        assertThat(answer(asked.getFirst()).forecast().values()).containsOnly(2f);
        for (PendingPrediction given : asked.subList(1, 3)) {
            assertThatThrownBy(() -> answer(given)).isInstanceOf(PredictionException.NoCopy.class);
        }
        pool.stop();
        assertThat(events).containsExactly("failed STUCK", "failed STUCK");
    }

    /** Nobody waits for an answer that is late. */
    @Test
    void triesNothingAgainThatNobodyWaitsFor() throws InterruptedException {
        devices = List.of(DeviceName.CPU);
        WorkerPool pool = pool(catalogue);
        pool.start();
        onCall =
                () -> {
                    if (batches.getLast() > 1) {
                        clock.addAndGet(Duration.ofHours(2).toNanos());
                    }
                };
        List<PendingPrediction> asked = askTogether(1, POISON, 3);
        for (PendingPrediction each : asked) {
            assertThatThrownBy(() -> answer(each)).isInstanceOf(PredictionException.class);
        }
        pool.stop();
        assertThat(batches).endsWith(3);
    }

    @Test
    void dividesTheProcessorsAmongTheWorkersOfTheCpu() throws InterruptedException {
        devices = List.of(DeviceName.CPU);
        cpuWorkers = 3;
        WorkerPool pool = pool(catalogue);
        pool.start();

        assertThat(pool.status())
                .extracting(status -> status.model() + "@" + status.placement())
                .containsExactly(
                        "good@cpu",
                        "good@cpu#1",
                        "good@cpu#2",
                        "other@cpu",
                        "other@cpu#1",
                        "other@cpu#2");
        gated = true;
        int before = calls.get();
        List<PendingPrediction> asked = new ArrayList<>();
        for (String model : List.of("good", "other", "good")) {
            asked.add(ask(model, 1));
            // All three are in calls at a time, of whichever model.
            awaitCalls(before + asked.size());
        }
        gate.countDown();
        for (PendingPrediction each : asked) {
            answer(each);
        }
        pool.stop();
        assertThat(open).hasValue(0);
    }

    private void awaitCalls(int number) {
        while (calls.get() < number) {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            Thread.onSpinWait();
        }
    }

    /** Holds both devices until all of these wait, so that they share a call. */
    private List<PendingPrediction> askTogether(float... values) throws InterruptedException {
        gated = true;
        int before = calls.get();
        List<PendingPrediction> blockers = new ArrayList<>();
        for (int device = 1; device <= devices.size(); device++) {
            blockers.add(ask("good", 0));
            awaitCalls(before + device);
        }
        List<PendingPrediction> together = new ArrayList<>();
        for (float value : values) {
            together.add(ask("good", value));
        }
        gated = false;
        gate.countDown();
        for (PendingPrediction blocker : blockers) {
            answer(blocker);
        }
        return together;
    }

    private BatchQueues queues(int batch) {
        return new BatchQueues(
                new QueueLimits(64, batch, 1 << 20, Duration.ZERO, Duration.ofSeconds(1)),
                new MemoryBudget(1 << 20),
                new Events(),
                clock::get);
    }

    private WorkerPool pool(ModelCatalogue models) {
        return pool(models, InstantSource.fixed(LOADED_AT));
    }

    private WorkerPool pool(ModelCatalogue models, InstantSource wallClock) {
        return new WorkerPool(
                new ModelRepository(List.of(directory)),
                new ModelSnapshots(true, Optional.of(directory)),
                new AddingLoader(),
                models,
                queues,
                new Events(),
                new PoolSettings(
                        "all",
                        cpuWorkers,
                        _ -> 1,
                        Map.of(),
                        memory,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20),
                        STUCK),
                clock::get,
                wallClock);
    }

    private PendingPrediction ask(String model, float value) {
        GridShape grid = new GridShape(8, 8);
        float[] values = new float[(int) grid.pixels()];
        java.util.Arrays.fill(values, value);
        ModelFrames input = new ModelFrames(1, 1, grid, values);
        return queues.of(model)
                .getLast()
                .reserve(new Requester("client", 3, Duration.ofHours(1)), 0)
                .submit(List.of(new Reservation.Work(input, 2, 1)))
                .getFirst();
    }

    private static Prediction answer(PendingPrediction pending) throws InterruptedException {
        return pending.await(() -> false);
    }

    private final class Events implements PredictionListener {
        @Override
        public void failed(String model, Failure reason) {
            events.add("failed " + reason);
        }
    }

    private final class AddingLoader implements ModelLoader {

        @Override
        public OptionalLong memory(DeviceName device) {
            return Optional.ofNullable(deviceMemory.get(device)).stream()
                    .mapToLong(Long::longValue)
                    .findFirst();
        }

        @Override
        public List<DeviceName> devices(String configured) {
            if (devices.isEmpty()) {
                throw new ModelException("there is no such device");
            }
            return devices;
        }

        @Override
        public NowcastModel load(ModelFolder folder, Placement placement) {
            if (folder.name().equals("broken")) {
                throw new ModelException("bad weights");
            }
            open.incrementAndGet();
            return new AddingModel(placement.device().toString());
        }
    }

    private final class AddingModel implements NowcastModel {

        private final String device;

        private AddingModel(String device) {
            this.device = device;
        }

        @Override
        public List<ModelFrames> predict(List<ModelFrames> batch, int steps) {
            callers.add(Thread.currentThread());
            batches.add(batch.size());
            calls.incrementAndGet();
            waitAtTheGate();
            onCall.run();
            if (batch.size() > largestBatch) {
                throw new ModelException.OutOfMemory("injected", new OutOfMemoryError());
            }
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

        private ModelFrames plusOne(ModelFrames input, int steps) {
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
            if (input.values()[0] == TOO_MUCH) {
                throw new ModelException.OutOfMemory("injected", new OutOfMemoryError());
            }
            if (input.values()[0] == BREAKS_THE_DEVICE && breakOnly.orElse(device).equals(device)) {
                throw new ModelException.DeviceLost(
                        "an illegal memory access was encountered", new RuntimeException());
            }
            return new ModelFrames(steps, 1, input.grid(), values);
        }

        @Override
        public void rest() {
            rests.release();
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
