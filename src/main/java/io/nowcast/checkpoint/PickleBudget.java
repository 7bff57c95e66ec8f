package io.nowcast.checkpoint;

/**
 * Bounds what reading one pickle costs. Its instructions are counted, and with them whatever an
 * instruction does that its own bytes do not pay for: it can copy a memoised list, or look up a
 * long key, again and again.
 */
final class PickleBudget {

    /** An empty dict takes one byte of a pickle, but 72 of the heap: this caps the heap. */
    private static final long MOST = 2_000_000;

    /**
     * Characters of a key that are looked up at the price of an instruction; no layer has as many.
     */
    private static final int FREE_CHARACTERS = 1_000;

    private final ByteCursor cursor;
    private long spent;

    PickleBudget(ByteCursor cursor) {
        this.cursor = cursor;
    }

    /**
     * Counts instructions or copied items.
     *
     * @throws CheckpointException.Malformed if they are more than any network needs
     */
    void spend(int count) {
        spent += count;
        if (spent > MOST) {
            throw cursor.malformed(
                    "more than %d instructions and copied items: no network needs as many"
                            .formatted(MOST));
        }
    }

    /** Counts what comparing a key with others may cost beyond an instruction. */
    void spendOnKey(String key) {
        spend(key.length() / FREE_CHARACTERS);
    }
}
