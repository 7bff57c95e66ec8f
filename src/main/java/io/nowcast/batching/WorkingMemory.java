package io.nowcast.batching;

import java.util.OptionalLong;

/**
 * What the calls that run on a device at a time may take there together, and so each prediction,
 * beside the weights. Thread-safe.
 */
public final class WorkingMemory {

    private final boolean chosen;
    private volatile long bytes;

    /**
     * As configured, or as the machine has it until a device tells better.
     *
     * @param configured bytes
     * @param machine bytes that a CPU's calls may take
     */
    public WorkingMemory(OptionalLong configured, long machine) {
        this.chosen = configured.isPresent();
        this.bytes = configured.orElse(machine);
    }

    /**
     * Takes what the devices have instead of what the machine has; without effect where it is
     * configured.
     */
    public void measure(long devices) {
        if (!chosen) {
            bytes = devices;
        }
    }

    public long bytes() {
        return bytes;
    }
}
