package io.nowcast.scaling;

/** Correlations of two fields under all shifts within a window, and the greatest of them. */
final class ShiftSearch {

    private final EchoField earlier;
    private final EchoField later;

    private int firstDown;
    private int firstRight;
    private double[][] correlations = new double[1][1];
    private int bestRow;
    private int bestColumn;

    ShiftSearch(EchoField earlier, EchoField later) {
        this.earlier = earlier;
        this.later = later;
    }

    /** Tries all shifts of up to so many cells around one. */
    void around(int down, int right, int mostDown, int mostRight) {
        firstDown = down - mostDown;
        firstRight = right - mostRight;
        correlations = new double[2 * mostDown + 1][2 * mostRight + 1];
        bestRow = mostDown;
        bestColumn = mostRight;
        for (int row = 0; row < correlations.length; row++) {
            for (int column = 0; column < correlations[row].length; column++) {
                correlations[row][column] =
                        earlier.correlation(later, firstDown + row, firstRight + column);
            }
        }
        for (int row = 0; row < correlations.length; row++) {
            for (int column = 0; column < correlations[row].length; column++) {
                if (correlations[row][column] > correlations[bestRow][bestColumn]) {
                    bestRow = row;
                    bestColumn = column;
                }
            }
        }
    }

    /** Rows of the best shift. */
    int down() {
        return firstDown + bestRow;
    }

    /** Columns of the best shift. */
    int right() {
        return firstRight + bestColumn;
    }

    /**
     * Whether the maximum lies within the window, is at least {@code least}, and exceeds by {@code
     * margin} all shifts that are further from it than half the window reaches.
     */
    boolean isClear(double least, double margin) {
        double best = correlations[bestRow][bestColumn];
        if (best < least || isAtBorder()) {
            return false;
        }
        int nearRows = correlations.length / 4;
        int nearColumns = correlations[0].length / 4;
        for (int row = 0; row < correlations.length; row++) {
            for (int column = 0; column < correlations[row].length; column++) {
                boolean near =
                        Math.abs(row - bestRow) <= nearRows
                                && Math.abs(column - bestColumn) <= nearColumns;
                if (!near && correlations[row][column] > best - margin) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isAtBorder() {
        return bestRow == 0
                || bestColumn == 0
                || bestRow == correlations.length - 1
                || bestColumn == correlations[0].length - 1;
    }

    /** Rows of the best shift with their fraction. */
    double exactDown() {
        if (isAtBorder()) {
            return down();
        }
        return down()
                + vertex(
                        correlations[bestRow - 1][bestColumn],
                        correlations[bestRow][bestColumn],
                        correlations[bestRow + 1][bestColumn]);
    }

    /** Columns of the best shift with their fraction. */
    double exactRight() {
        if (isAtBorder()) {
            return right();
        }
        return right()
                + vertex(
                        correlations[bestRow][bestColumn - 1],
                        correlations[bestRow][bestColumn],
                        correlations[bestRow][bestColumn + 1]);
    }

    /** Where the parabola through the values at -1, 0 and 1 is highest, the middle one being so. */
    private static double vertex(double before, double middle, double after) {
        double curvature = before - 2 * middle + after;
        return curvature < 0 ? 0.5 * (before - after) / curvature : 0;
    }
}
