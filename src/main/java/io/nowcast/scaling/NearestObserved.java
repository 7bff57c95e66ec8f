package io.nowcast.scaling;

import java.util.Arrays;

/**
 * Fills missing pixels with the value of the nearest observed one: the sequential Euclidean
 * distance transform of Danielsson (1980), <a
 * href="https://doi.org/10.1016/0146-664X(80)90054-4">doi:10.1016/0146-664X(80)90054-4</a>, which
 * carries with each pixel where its nearest known neighbour lies. Off by a fraction of a pixel in
 * rare places; two passes, whatever the distances.
 */
final class NearestObserved {

    private static final int NONE = -1;

    private final int width;
    private final int height;
    private final int[] source;

    private NearestObserved(int width, int height) {
        this.width = width;
        this.height = height;
        this.source = new int[width * height];
    }

    /**
     * Fills in place.
     *
     * @param start where the plane of {@code height} rows of {@code width} begins
     * @param otherwise what a plane without any observed pixel is filled with
     */
    static void fill(float[] values, int start, int width, int height, float otherwise) {
        NearestObserved nearest = new NearestObserved(width, height);
        boolean any = nearest.findObserved(values, start);
        if (!any) {
            Arrays.fill(values, start, start + width * height, otherwise);
            return;
        }
        nearest.sweep(1);
        nearest.sweep(-1);
        float[] observed = Arrays.copyOfRange(values, start, start + width * height);
        for (int pixel = 0; pixel < observed.length; pixel++) {
            values[start + pixel] = observed[nearest.source[pixel]];
        }
    }

    private boolean findObserved(float[] values, int start) {
        boolean any = false;
        for (int pixel = 0; pixel < source.length; pixel++) {
            boolean observed = !Float.isNaN(values[start + pixel]);
            source[pixel] = observed ? pixel : NONE;
            any |= observed;
        }
        return any;
    }

    /** Downwards with 1, upwards with -1: each row from the one before, then along it both ways. */
    private void sweep(int direction) {
        int first = direction > 0 ? 0 : height - 1;
        for (int count = 0, row = first; count < height; count++, row += direction) {
            int before = row - direction;
            for (int column = 0; before >= 0 && before < height && column < width; column++) {
                for (int shift = -1; shift <= 1; shift++) {
                    offer(row, column, before, column + shift);
                }
            }
            for (int column = 1; column < width; column++) {
                offer(row, column, row, column - 1);
            }
            for (int column = width - 2; column >= 0; column--) {
                offer(row, column, row, column + 1);
            }
        }
    }

    private void offer(int row, int column, int fromRow, int fromColumn) {
        if (fromColumn < 0 || fromColumn >= width) {
            return;
        }
        int candidate = source[fromRow * width + fromColumn];
        int pixel = row * width + column;
        if (candidate != NONE
                && (source[pixel] == NONE
                        || distance(row, column, candidate)
                                < distance(row, column, source[pixel]))) {
            source[pixel] = candidate;
        }
    }

    private long distance(int row, int column, int pixel) {
        long down = (long) row - pixel / width;
        long right = (long) column - pixel % width;
        return down * down + right * right;
    }
}
