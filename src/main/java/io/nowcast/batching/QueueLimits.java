package io.nowcast.batching;

import java.time.Duration;

/**
 * The bounds of a model's queue and of what is taken from it at once.
 *
 * @param requests most requests that are being read or wait
 * @param batch most predictions in a model call; 0 for what is usual on the devices
 * @param batchBytes most working memory of a model call of several predictions, as {@link
 *     Reservation#submit} was told it
 * @param window how long the oldest prediction may wait for requests that are being read, so that
 *     they can share its call; without effect where none is being read
 * @param ageing a request of the next lower urgency is served as if it had come this much later
 */
public record QueueLimits(
        int requests, int batch, long batchBytes, Duration window, Duration ageing) {

    QueueLimits withUsualBatch(int usual) {
        return batch > 0 ? this : new QueueLimits(requests, usual, batchBytes, window, ageing);
    }
}
