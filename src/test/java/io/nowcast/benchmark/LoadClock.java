package io.nowcast.benchmark;

import java.util.concurrent.TimeUnit;

/** Time as the loops of a load see it, so that a test can run them on a time of its own. */
interface LoadClock {

    /** The time of this machine. */
    LoadClock SYSTEM =
            new LoadClock() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public void await(long nanos) throws InterruptedException {
                    for (long left = nanos - System.nanoTime();
                            left > 0;
                            left = nanos - System.nanoTime()) {
                        TimeUnit.NANOSECONDS.sleep(left);
                    }
                }
            };

    /** As {@link System#nanoTime()}. */
    long nanos();

    /** Returns at that time, or at once where it has passed. */
    void await(long nanos) throws InterruptedException;
}
