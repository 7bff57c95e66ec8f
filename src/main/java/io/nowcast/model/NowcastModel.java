package io.nowcast.model;

import io.nowcast.frames.ModelFrames;
import java.util.List;

/**
 * One copy of a model on one device. Owned by one thread: nothing here is thread-safe, and the
 * owner closes it.
 */
public interface NowcastModel extends AutoCloseable {

    /**
     * Forecasts a batch of inputs of one shape.
     *
     * @param batch B inputs {@code [T, C, H, W]}
     * @param steps lead steps S, at least 1
     * @return B forecasts {@code [S, 1, H, W]}, in the order of the inputs
     * @throws ModelException if the engine fails or the model answers in another shape
     */
    List<ModelFrames> predict(List<ModelFrames> batch, int steps);

    /**
     * Sets how many threads the calls that follow may compute with, where the device is the CPU.
     * The answers are the same.
     *
     * @param besideSeveral whether a call of several threads goes on beside the next
     */
    default void computeWith(int threads, boolean besideSeveral) {}

    /**
     * Gives back what only calls need, since none may come soon; {@link #computeWith} comes before
     * the next.
     */
    default void rest() {}

    ModelFacts facts();

    @Override
    void close();
}
