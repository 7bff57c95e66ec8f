package io.nowcast.scaling;

import io.nowcast.frames.GridShape;

/** One frame in numbers that a correlation makes sense of, NaN where missing. Immutable. */
final class EchoField {

    /** No correlation is less. */
    private static final double NONE = -1;

    /** Of the cells of a field; over fewer, chance correlates well. */
    private static final double LEAST_SHARE = 0.1;

    /** Of the square of a field's numbers; float32 rounds a constant field to about that. */
    private static final double LEAST_VARIANCE = 1e-10;

    private final int height;
    private final int width;
    private final float[] values;

    /** Takes ownership of {@code [H, W]} values. */
    EchoField(GridShape grid, float[] values) {
        this(grid.height(), grid.width(), values);
    }

    private EchoField(int height, int width, float[] values) {
        this.height = height;
        this.width = width;
        this.values = values;
    }

    int height() {
        return height;
    }

    int width() {
        return width;
    }

    int cells() {
        return values.length;
    }

    /**
     * Cells of twice the side: the mean of the observed ones of four, missing where fewer than two
     * are. An odd last row or column is left out.
     */
    EchoField halved() {
        int rows = Math.max(1, height / 2);
        int columns = Math.max(1, width / 2);
        float[] means = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            int north = 2 * row * width;
            int south = Math.min(2 * row + 1, height - 1) * width;
            for (int column = 0; column < columns; column++) {
                int west = 2 * column;
                int east = Math.min(west + 1, width - 1);
                means[row * columns + column] =
                        mean(
                                values[north + west],
                                values[north + east],
                                values[south + west],
                                values[south + east]);
            }
        }
        return new EchoField(rows, columns, means);
    }

    private static float mean(float a, float b, float c, float d) {
        float all = (a + b + c + d) / 4;
        if (!Float.isNaN(all)) {
            return all;
        }
        int observed = 0;
        float sum = 0;
        for (float value : new float[] {a, b, c, d}) {
            if (!Float.isNaN(value)) {
                observed++;
                sum += value;
            }
        }
        return observed < 2 ? Float.NaN : sum / observed;
    }

    /**
     * Pearson's correlation coefficient of this field, moved by {@code down} rows and {@code right}
     * columns, and a later one of the same grid, over the cells observed in both; -1 where they are
     * too few or all alike.
     */
    double correlation(EchoField later, int down, int right) {
        long common = 0;
        double sum = 0;
        double sumLater = 0;
        double squares = 0;
        double squaresLater = 0;
        double products = 0;
        int lastRow = Math.min(height, height + down);
        int firstColumn = Math.max(0, right);
        int lastColumn = Math.min(width, width + right);
        for (int row = Math.max(0, down); row < lastRow; row++) {
            int start = row * width;
            int moved = (row - down) * width - right;
            for (int column = firstColumn; column < lastColumn; column++) {
                double x = values[moved + column];
                double y = later.values[start + column];
                if (Double.isNaN(x + y)) {
                    continue;
                }
                common++;
                sum += x;
                sumLater += y;
                squares += x * x;
                squaresLater += y * y;
                products += x * y;
            }
        }
        double variance = squares - sum * sum / common;
        double varianceLater = squaresLater - sumLater * sumLater / common;
        if (common < LEAST_SHARE * values.length
                || !(variance > LEAST_VARIANCE * squares)
                || !(varianceLater > LEAST_VARIANCE * squaresLater)) {
            return NONE;
        }
        double covariance = products - sum * sumLater / common;
        return covariance / Math.sqrt(variance * varianceLater);
    }
}
