package io.nowcast.batching;

/**
 * The heap that requests may hold from before their body is read until their answer is written:
 * bodies, frames, inputs and answers of all models together. Thread-safe.
 */
public final class MemoryBudget {

    private final FairShare bytes;

    public MemoryBudget(long limit) {
        this.bytes = new FairShare(limit);
    }

    boolean tryTake(String client, long amount) {
        return bytes.tryTake(client, amount);
    }

    void release(String client, long amount) {
        bytes.release(client, amount);
    }

    public long limit() {
        return bytes.limit();
    }

    /** Bytes that are held now. */
    public long used() {
        return bytes.total();
    }
}
