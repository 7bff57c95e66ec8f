package io.nowcast.scaling;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How far rain moves from one frame to the next, as one vector for the whole grid: the shift of
 * greatest correlation of Rinehart and Garvey (1978), <a
 * href="https://doi.org/10.1038/273287a0">doi:10.1038/273287a0</a> (TREC), with the whole grid as
 * the only box.
 *
 * <p>The shift d maximises the correlation coefficient of {@code earlier(x - d)} and {@code
 * later(x)} over the pixels x that are observed in both. All shifts of up to a quarter of the sides
 * are tried where a side has at most {@value #COARSEST_SIDE} cells; each grid of half the cell size
 * is then searched around twice the shift found. On the finest, of at most {@value #FINEST_CELLS}
 * cells, a parabola through the maximum and its neighbours gives the fraction.
 *
 * @param rows pixels southwards in one interval
 * @param columns pixels eastwards in one interval
 */
record MeanMotion(double rows, double columns) {

    /** Also where the frames do not tell. */
    static final MeanMotion NONE = new MeanMotion(0, 0);

    private static final int COARSEST_SIDE = 64;
    private static final int FINEST_CELLS = 300_000;
    private static final int REFINEMENT = 2;

    /** Lower, and the frames have no echo in common. */
    private static final double LEAST_CORRELATION = 0.5;

    /** By which any far shift must correlate less; in stripes, or all wet, some hardly does. */
    private static final double CLEARLY_LESS = 0.05;

    /**
     * The motion, {@link #NONE} without echo or without a clear maximum: a weak one, one at the
     * limit of the search, or one that a shift elsewhere comes close to.
     */
    static MeanMotion between(EchoField earlier, EchoField later) {
        EchoField from = earlier;
        EchoField to = later;
        int size = 1;
        Deque<EchoField> finer = new ArrayDeque<>();
        while (from.cells() > FINEST_CELLS) {
            from = from.halved();
            to = to.halved();
            size *= 2;
        }
        while (Math.max(from.height(), from.width()) > COARSEST_SIDE) {
            finer.push(to);
            finer.push(from);
            from = from.halved();
            to = to.halved();
        }
        ShiftSearch search = new ShiftSearch(from, to);
        search.around(0, 0, Math.max(1, from.height() / 4), Math.max(1, from.width() / 4));
        if (!search.isClear(LEAST_CORRELATION, CLEARLY_LESS)) {
            return NONE;
        }
        while (!finer.isEmpty()) {
            ShiftSearch next = new ShiftSearch(finer.pop(), finer.pop());
            next.around(2 * search.down(), 2 * search.right(), REFINEMENT, REFINEMENT);
            search = next;
        }
        return new MeanMotion(size * search.exactDown(), size * search.exactRight());
    }
}
