package io.nowcast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DeviceTurnsTest {

    private static final long CALL = Duration.ofMillis(10).toNanos();

    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger competing = new AtomicInteger();

    @Test
    void dividesABusyDeviceByWeight() throws InterruptedException {
        DeviceTurns turns = new DeviceTurns(1, _ -> 1, clock::get);
        List<String> order = compete(turns, turns.share(3), turns.share(1), 40);

        // While both still wait, three of four turns are the heavier one's.
        assertThat(order.subList(0, 40)).filteredOn("heavy"::equals).hasSizeBetween(29, 31);
    }

    @Test
    void doesNotSaveUpTimeThatAShareDidNotUse() throws InterruptedException {
        DeviceTurns turns = new DeviceTurns(1, _ -> 1, clock::get);
        DeviceTurns.Share busy = turns.share(1);
        for (int call = 0; call < 100; call++) {
            DeviceTurns.Turn turn = turns.take(busy);
            clock.addAndGet(CALL);
            turn.close();
        }
        List<String> order = compete(turns, busy, turns.share(1), 20);

        assertThat(order.subList(0, 20)).filteredOn("heavy"::equals).hasSizeBetween(9, 11);
    }

    @Test
    void givesOutAsManyTurnsAsThereAreSlots() throws InterruptedException {
        DeviceTurns turns = new DeviceTurns(2, calls -> 8 / calls, clock::get);
        DeviceTurns.Share share = turns.share(1);
        DeviceTurns.Turn first = turns.take(share);
        DeviceTurns.Turn second = turns.take(share);
        // Alone it has all threads, beside another one half of them.
        assertThat(first.begin(0)).isEqualTo(8);
        assertThat(second.begin(0)).isEqualTo(4);
        assertThat(first.isBesideSeveral()).isFalse();
        assertThat(second.isBesideSeveral()).isTrue();
        Thread third = Thread.ofPlatform().start(() -> takeAndEnd(turns, share));

        assertThat(third.join(Duration.ofMillis(50))).isFalse();
        first.close();
        third.join();
        second.close();
    }

    /** Meanwhile a worker of another device can do the work. */
    @Test
    void tellsAtOnceThatATurnIsToBeWaitedFor() throws InterruptedException {
        DeviceTurns turns = new DeviceTurns(1, _ -> 1, clock::get);
        CountDownLatch told = new CountDownLatch(1);
        DeviceTurns.Turn first = turns.take(turns.share(1), told::countDown);
        assertThat(told.getCount()).isEqualTo(1);

        Thread second =
                Thread.ofPlatform()
                        .start(() -> {
                            try (DeviceTurns.Turn _ = turns.take(turns.share(1), told::countDown)) {
                                clock.addAndGet(CALL);
                            } catch (InterruptedException _) {
                                Thread.currentThread().interrupt();
                            }
                        });
        told.await();
        first.close();
        second.join();
    }

    /** All workers of a model wake up for a request, and one of them finds it. */
    @Test
    void aTurnThatFindsNothingToComputeTakesNoThreadsFromOthers() throws InterruptedException {
        DeviceTurns turns = new DeviceTurns(2, calls -> 8 / calls, clock::get);
        DeviceTurns.Share share = turns.share(1);
        DeviceTurns.Turn lucky = turns.take(share);
        DeviceTurns.Turn late = turns.take(share);

        assertThat(lucky.begin(0)).isEqualTo(8);
        late.close();
        lucky.close();

        // What waits for another worker is computed beside it.
        DeviceTurns.Turn next = turns.take(share);
        assertThat(next.begin(1)).isEqualTo(4);
        assertThat(next.isBesideSeveral()).isFalse();
    }

    /**
     * Both shares ask again as soon as their turn ends, from two threads each, until all is run.
     */
    private List<String> compete(
            DeviceTurns turns, DeviceTurns.Share heavy, DeviceTurns.Share light, int each)
            throws InterruptedException {
        List<String> order = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        DeviceTurns.Turn blocked = turns.take(turns.share(1));
        for (int thread = 0; thread < 2; thread++) {
            threads.add(competitor(turns, heavy, "heavy", each / 2, order));
            threads.add(competitor(turns, light, "light", each / 2, order));
        }
        competing.set(threads.size() + 1);
        awaitOthers(turns);
        competing.decrementAndGet();
        blocked.close();
        for (Thread thread : threads) {
            thread.join();
        }
        return order;
    }

    private Thread competitor(
            DeviceTurns turns,
            DeviceTurns.Share share,
            String name,
            int calls,
            List<String> order) {
        return Thread.ofPlatform()
                .start(() -> {
                    try {
                        for (int call = 0; call < calls; call++) {
                            try (DeviceTurns.Turn _ = turns.take(share)) {
                                awaitOthers(turns);
                                order.add(name);
                                clock.addAndGet(CALL);
                            }
                        }
                        competing.decrementAndGet();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /** Keeps a turn until every other competitor waits for the next one. */
    private void awaitOthers(DeviceTurns turns) {
        while (turns.waiting() < competing.get() - 1) {
            Thread.onSpinWait();
        }
    }

    private static void takeAndEnd(DeviceTurns turns, DeviceTurns.Share share) {
        try (DeviceTurns.Turn _ = turns.take(share)) {
            Thread.onSpinWait();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
