package io.nowcast.forecast;

import io.nowcast.batching.PendingPrediction;
import io.nowcast.batching.Prediction;
import io.nowcast.batching.PredictionException;
import io.nowcast.batching.Reservation;
import io.nowcast.frames.FrameSequence;
import io.nowcast.model.ServedModel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A request that was let in: its model, its place in the queue and its share of memory, from before
 * its body is read until its answer is written. Whoever was let in closes it.
 */
public final class Admission implements AutoCloseable {

    private final ServedModel model;
    private final ModelDescription description;
    private final Reservation reservation;
    private final BooleanSupplier gone;
    private long kept;

    Admission(
            ServedModel model,
            ModelDescription description,
            Reservation reservation,
            BooleanSupplier gone) {
        this.model = model;
        this.description = description;
        this.reservation = reservation;
        this.gone = gone;
    }

    ServedModel servedModel() {
        return model;
    }

    /** The model that the request is for. */
    public ModelDescription model() {
        return description;
    }

    /**
     * Changes the heap that the request holds, before it is allocated.
     *
     * @throws ForecastException.Busy if there is no room for more now
     * @throws ForecastException.TooLarge if there will never be room
     */
    public void hold(long bytes) {
        try {
            reservation.hold(bytes);
        } catch (PredictionException refusal) {
            throw Failures.translate(refusal);
        }
    }

    /** Tells of more heap that the request takes beside its frames until its answer is written. */
    public void keep(long bytes) {
        kept += bytes;
    }

    /**
     * Changes the heap that the request holds to its decoded frames, and what it keeps.
     *
     * @throws ForecastException.Busy if there is no room for more now
     * @throws ForecastException.TooLarge if there will never be room
     */
    public void holdFrames(List<FrameSequence> sequences) {
        hold(kept + HeapEstimate.ofFrames(sequences));
    }

    /** Changes the heap that the request holds to what its forecast takes, and what it keeps. */
    void holdForecast(long bytes) {
        hold(kept + bytes);
    }

    /**
     * Asks whether the answer is still wanted.
     *
     * @throws ForecastException.TooLate if the deadline has passed
     * @throws ForecastException.ClientGone if the client has hung up
     */
    public void requireWanted() {
        try {
            reservation.requireWanted(gone);
        } catch (PredictionException unwanted) {
            throw Failures.translate(unwanted);
        }
    }

    /**
     * Brings the deadline forward to {@code timeout} after the admission.
     *
     * @throws ForecastException.Unusable if the timeout is not positive
     */
    public void within(Duration timeout) {
        requirePositive(timeout);
        reservation.shorten(timeout);
    }

    static void requirePositive(Duration timeout) {
        if (!timeout.isPositive()) {
            throw new ForecastException.Unusable("timeout must be positive, got " + timeout);
        }
    }

    /**
     * Queues predictions, all or none, and waits for each in turn.
     *
     * @param answers gets them in the order of the works; none is kept here
     */
    void predict(List<Reservation.Work> works, Consumer<Prediction> answers)
            throws InterruptedException {
        try {
            Deque<PendingPrediction> pending = new ArrayDeque<>(reservation.submit(works));
            while (!pending.isEmpty()) {
                answers.accept(pending.removeFirst().await(gone));
            }
        } catch (PredictionException failure) {
            throw Failures.translate(failure);
        }
    }

    @Override
    public void close() {
        reservation.close();
    }
}
