package io.nowcast.codec;

/**
 * Reorders arrays whose first index varies fastest.
 *
 * <p>In memory such a {@code [B, T, H, W]} array is a {@code [W, H, T, B]} one in row-major order.
 * Sixteen columns are walked at a time, row by row: their sixteen read positions advance through
 * memory in step, and each write fills one cache line.
 */
final class FortranOrder {

    private static final int COLUMNS = 16;

    private FortranOrder() {}

    /**
     * One sequence of the batch in row-major order.
     *
     * @param source all B·T·H·W values in the order they came
     * @return {@code [T, H, W]}
     */
    static float[] sequence(float[] source, FrameShape shape, int index) {
        int height = shape.grid().height();
        int width = shape.grid().width();
        int pixels = height * width;
        int pixelStride = shape.frames() * shape.batch();
        float[] target = new float[shape.elementsPerSequence()];
        for (int left = 0; left < width; left += COLUMNS) {
            int right = Math.min(width, left + COLUMNS);
            for (int row = 0; row < height; row++) {
                for (int frame = 0; frame < shape.frames(); frame++) {
                    int to = frame * pixels + row * width;
                    int from = row * pixelStride + frame * shape.batch() + index;
                    for (int column = left; column < right; column++) {
                        target[to + column] = source[from + column * height * pixelStride];
                    }
                }
            }
        }
        return target;
    }
}
