package io.nowcast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DeviceMemoryTest {

    private static final long MEGABYTE = 1 << 20;

    private final DeviceMemory memory = new DeviceMemory(100 * MEGABYTE);

    @Test
    void callsThatFitTogetherRunTogether() {
        try (var first = memory.take(60 * MEGABYTE);
                var second = memory.take(40 * MEGABYTE)) {
            assertThat(first).isNotSameAs(second);
        }
    }

    @Test
    void callThatDoesNotFitWaitsForTheOthersEnd() throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        CountDownLatch ran = new CountDownLatch(1);
        Thread other;
        try (var _ = memory.take(60 * MEGABYTE)) {
            running.incrementAndGet();
            other =
                    Thread.ofPlatform()
                            .start(() -> {
                                try (var _ = memory.take(41 * MEGABYTE)) {
                                    assertThat(running.get()).isZero();
                                    ran.countDown();
                                }
                            });
            awaitParked(other);
            assertThat(ran.getCount()).isOne();
            running.decrementAndGet();
        }
        ran.await();
        other.join();
    }

    @Test
    void largeCallIsNotOvertakenForever() throws InterruptedException {
        CountDownLatch large = new CountDownLatch(1);
        CountDownLatch small = new CountDownLatch(1);
        Thread waiting;
        Thread late;
        try (var _ = memory.take(60 * MEGABYTE)) {
            waiting = taking(90 * MEGABYTE, large);
            awaitParked(waiting);
            // It would fit beside the first one, but came after the large one.
            late = taking(10 * MEGABYTE, small);
            awaitParked(late);
            assertThat(small.getCount()).isOne();
        }
        large.await();
        small.await();
        waiting.join();
        late.join();
    }

    @Test
    void callThatNeedsMoreThanThereIsRunsAlone() {
        try (var all = memory.take(500 * MEGABYTE)) {
            assertThat(all).isNotNull();
        }
        try (var again = memory.take(100 * MEGABYTE)) {
            assertThat(again).isNotNull();
        }
    }

    private Thread taking(long bytes, CountDownLatch taken) {
        return Thread.ofPlatform()
                .start(() -> {
                    try (var _ = memory.take(bytes)) {
                        taken.countDown();
                    }
                });
    }

    private static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }
}
