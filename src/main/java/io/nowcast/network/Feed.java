package io.nowcast.network;

import java.util.List;

/** What the forecast pass of a {@link StepwiseNetwork} gets as its frame at each lead step. */
public sealed interface Feed {

    /** Nothing: the pass unfolds the states alone, as an encoder-forecaster's does. */
    record Nothing() implements Feed {}

    /** The last observed frame, then each prediction (closed loop). */
    record Prediction() implements Feed {}

    /**
     * The last observed frame at every step.
     *
     * @param effectiveSteps the steps whose outputs are the forecast, ascending from 0, the step
     *     that sees the frame first; empty for every step
     */
    record LastFrame(List<Integer> effectiveSteps) implements Feed {
        public LastFrame {
            effectiveSteps = List.copyOf(effectiveSteps);
            int before = -1;
            for (int step : effectiveSteps) {
                if (step <= before) {
                    throw new IllegalArgumentException(
                            "effective steps ascend from 0, got " + effectiveSteps);
                }
                before = step;
            }
        }
    }

    /**
     * Features, then each step's own features (hidden feedback).
     *
     * @param first over the last observed frame and the states that the observation left
     */
    record OwnFeatures(Features first) implements Feed {}

    /** At lead step s the observed frame s: no more steps than observed frames. */
    record ObservedFrames() implements Feed {}
}
