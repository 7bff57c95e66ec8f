package io.nowcast.web;

import io.nowcast.forecast.ModelDescription;
import io.nowcast.frames.FrameSequence;
import java.util.List;
import java.util.Optional;

/** What a request costs, by the pixels of the frames that came and are asked for. */
final class RequestCost {

    private RequestCost() {}

    /** Pixels of all of them. */
    static long pixels(
            List<FrameSequence> sequences, Optional<Integer> steps, ModelDescription model) {
        return answered(sequences, steps, model)
                + sequences.stream()
                        .mapToLong(sequence -> sequence.length() * sequence.grid().pixels())
                        .sum();
    }

    /** Pixels of the frames that are asked for. */
    static long answered(
            List<FrameSequence> sequences, Optional<Integer> steps, ModelDescription model) {
        long asked = Math.clamp(steps.orElse(model.outputFrames()), 0, model.maximumSteps());
        return sequences.stream().mapToLong(sequence -> asked * sequence.grid().pixels()).sum();
    }
}
