package io.nowcast.web;

import io.nowcast.forecast.ModelDescription;
import io.nowcast.frames.FrameSequence;
import java.util.List;
import java.util.Optional;

/** What a request costs: the pixels of all frames that came and are asked for. */
final class RequestCost {

    private RequestCost() {}

    static long pixels(
            List<FrameSequence> sequences, Optional<Integer> steps, ModelDescription model) {
        int asked = Math.clamp(steps.orElse(model.outputFrames()), 0, model.maximumSteps());
        return sequences.stream()
                .mapToLong(sequence -> (sequence.length() + asked) * sequence.grid().pixels())
                .sum();
    }
}
