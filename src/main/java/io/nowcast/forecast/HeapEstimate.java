package io.nowcast.forecast;

import io.nowcast.frames.FrameSequence;
import io.nowcast.model.ModelManifest;
import io.nowcast.model.ServedModel;
import io.nowcast.tiling.TilePlan;
import java.util.List;

/** What a request takes on the heap once it is decoded. */
final class HeapEstimate {

    /**
     * The model's answer, the answer in its unit, and the answer as it is written, in bytes of
     * float32: what takes more tells {@link Admission#keep}.
     */
    private static final int ANSWERS = 3;

    private HeapEstimate() {}

    /** Bytes of decoded frames. */
    static long ofFrames(List<FrameSequence> sequences) {
        return Float.BYTES * sequences.stream().mapToLong(frames -> frames.values().length).sum();
    }

    /** Bytes of so many frames of each sequence's grid. */
    static long ofFrames(List<FrameSequence> sequences, int each) {
        return Float.BYTES
                * sequences.stream().mapToLong(frames -> each * frames.grid().pixels()).sum();
    }

    /**
     * Bytes of its frames, of its inputs in model numbers, whole and in tiles, and of its answer's
     * three forms.
     */
    static long of(ForecastRequest request, ServedModel model, TilePlan plan, int steps) {
        return request.sequences().stream()
                .mapToLong(frames -> of(frames, model, plan, steps))
                .sum();
    }

    private static long of(FrameSequence frames, ServedModel model, TilePlan plan, int steps) {
        ModelManifest manifest = model.manifest();
        long plane = model.paddedGrid(frames.grid()).pixels();
        long tiles = plan.isCut() ? plan.count() * plan.tile().pixels() : 0;
        long input = (plane + tiles) * manifest.frames().input() * manifest.inputChannels();
        long answers = plane * ANSWERS * steps;
        return Float.BYTES * (frames.values().length + input + answers);
    }
}
