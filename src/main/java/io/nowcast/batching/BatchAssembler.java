package io.nowcast.batching;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedSet;

/**
 * Forms a batch: the first prediction that is still wanted, and the next ones of the same shape, in
 * their order. The number of steps may differ: the call runs to the longest.
 */
final class BatchAssembler {

    private BatchAssembler() {}

    /** Removes a batch, and unwanted predictions that come before its end, from {@code waiting}. */
    static Taken take(SortedSet<PendingPrediction> waiting, QueueLimits limits) {
        List<PendingPrediction> batch = new ArrayList<>();
        List<PendingPrediction> unwanted = new ArrayList<>();
        long bytes = 0;
        Iterator<PendingPrediction> candidates = waiting.iterator();
        while (candidates.hasNext() && batch.size() < limits.batch()) {
            PendingPrediction candidate = candidates.next();
            if (!candidate.isStillWanted()) {
                candidates.remove();
                unwanted.add(candidate);
                continue;
            }
            long size = candidate.workingBytes();
            boolean fits =
                    batch.isEmpty()
                            || (candidate.input().sameShapeAs(batch.getFirst().input())
                                    && bytes + size <= limits.batchBytes());
            if (fits) {
                candidates.remove();
                batch.add(candidate);
                bytes += size;
            }
        }
        return new Taken(batch, unwanted);
    }

    /**
     * What was removed.
     *
     * @param batch to be run
     * @param unwanted whose deadline has passed or that was answered otherwise
     */
    record Taken(List<PendingPrediction> batch, List<PendingPrediction> unwanted) {}
}
