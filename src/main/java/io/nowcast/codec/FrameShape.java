package io.nowcast.codec;

import io.nowcast.frames.GridShape;
import java.util.List;

/**
 * How an array's dimensions are frames: {@code [T, H, W]}, {@code [T, 1, H, W]} or {@code [B, T, 1,
 * H, W]}. Made only for shapes within the limits.
 *
 * @param elements B·T·H·W
 */
record FrameShape(int batch, boolean batched, int frames, GridShape grid, int elements) {

    /**
     * Admits the shape that a header promises.
     *
     * @throws UnusableFramesException if the dimensions are no frames, or one is 0
     * @throws BodyTooLargeException if a size exceeds its limit
     */
    static FrameShape of(NpyHeader header, CodecLimits limits, String where) {
        List<Long> shape = header.shape();
        int rank = shape.size();
        boolean channel = rank == 4 || rank == 5;
        if ((rank != 3 && !channel) || (channel && shape.get(rank - 3) != 1)) {
            throw new UnusableFramesException(
                    "%s: expected shape [T, H, W], [T, 1, H, W] or [B, T, 1, H, W], got %s"
                            .formatted(where, header.shapeText()));
        }
        if (shape.contains(0L)) {
            throw new UnusableFramesException(
                    "%s: shape %s has no pixels".formatted(where, header.shapeText()));
        }
        long batch = rank == 5 ? shape.getFirst() : 1;
        long frames = shape.get(rank == 5 ? 1 : 0);
        long height = shape.get(rank - 2);
        long width = shape.get(rank - 1);
        int elements = limits.admit(where, batch, frames, height, width);
        return new FrameShape(
                (int) batch,
                rank == 5,
                (int) frames,
                new GridShape((int) height, (int) width),
                elements);
    }

    /** T·H·W. */
    int elementsPerSequence() {
        return elements / batch;
    }
}
