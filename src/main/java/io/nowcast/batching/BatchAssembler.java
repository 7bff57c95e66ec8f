package io.nowcast.batching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Forms a batch: the oldest prediction that is still wanted, and the next ones of the same shape,
 * in the order of their arrival. The number of steps may differ: the call runs to the longest.
 */
final class BatchAssembler {

    private BatchAssembler() {}

    /** Removes a batch, and unwanted predictions that come before its end, from {@code waiting}. */
    static List<PendingPrediction> take(ArrayDeque<PendingPrediction> waiting, BatchLimits limits) {
        List<PendingPrediction> batch = new ArrayList<>();
        long bytes = 0;
        Iterator<PendingPrediction> candidates = waiting.iterator();
        while (candidates.hasNext() && batch.size() < limits.batch()) {
            PendingPrediction candidate = candidates.next();
            if (!candidate.isStillWanted()) {
                candidates.remove();
                continue;
            }
            long size = candidate.input().bytes();
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
        return batch;
    }
}
