package io.nowcast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DeviceTurnsTest {

    private static final long CALL = Duration.ofMillis(10).toNanos();

    private final AtomicLong clock = new AtomicLong();

    @Test
    void dividesABusyDeviceByWeight() throws InterruptedException {
        DeviceTurns turns = new DeviceTurns(1, clock::get);
        List<String> order = compete(turns, turns.share(3), turns.share(1), 40);

        // While both still wait, three of four turns are the heavier one's.
        assertThat(order.subList(0, 40)).filteredOn("heavy"::equals).hasSizeBetween(29, 31);
    }

    @Test
    void doesNotSaveUpTimeThatAShareDidNotUse() throws InterruptedException {
        DeviceTurns turns = new DeviceTurns(1, clock::get);
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
        DeviceTurns turns = new DeviceTurns(2, clock::get);
        DeviceTurns.Share share = turns.share(1);
        DeviceTurns.Turn first = turns.take(share);
        DeviceTurns.Turn second = turns.take(share);
        Thread third = Thread.ofPlatform().start(() -> takeAndEnd(turns, share));

        assertThat(third.join(Duration.ofMillis(50))).isFalse();
        first.close();
        third.join();
        second.close();
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
        // Until all of them wait: the one that holds the device lets them line up.
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
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
                                order.add(name);
                                clock.addAndGet(CALL);
                            }
                        }
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private static void takeAndEnd(DeviceTurns turns, DeviceTurns.Share share) {
        try (DeviceTurns.Turn _ = turns.take(share)) {
            Thread.onSpinWait();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
