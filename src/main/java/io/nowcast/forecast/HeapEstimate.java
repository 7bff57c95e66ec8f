package io.nowcast.forecast;

import io.nowcast.frames.FrameSequence;
import io.nowcast.model.ModelManifest;
import io.nowcast.model.ServedModel;
import io.nowcast.tiling.TilePlan;

/** What a request takes on the heap once it is decoded. */
final class HeapEstimate {

    /**
     * The model's answer, the answer in its unit, and the answer as it is written, in bytes of
     * float32: what takes more tells {@link Admission#keep}.
     */
    private static final int ANSWERS = 3;

    private HeapEstimate() {}

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
