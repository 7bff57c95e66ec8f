package io.nowcast.web;

/** A clock for durations; a test has its own. */
@FunctionalInterface
interface NanoClock {
    /** As {@link System#nanoTime}. */
    long nanoTime();
}
