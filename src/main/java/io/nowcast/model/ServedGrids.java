package io.nowcast.model;

import io.nowcast.frames.GridShape;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The entry {@code grid} of a manifest: the grids that are served.
 *
 * @param minimum fewest pixels on a side, 8 where absent
 * @param maximumPixels most pixels of a grid that is forecast in one piece, 2 million where absent
 * @param multiple what height and width of a TorchScript module's grid must be multiples of, 1
 *     where absent; a checkpoint's network tells it itself
 * @param above what becomes of a larger grid, or of one that needs more memory than a prediction
 *     may take: {@code refuse}, also where absent, or {@code tile}
 * @param overlap pixels that neighbouring tiles share at least; where absent what the network sees
 *     to its sides, at most {@value #LONGEST_USUAL_OVERLAP}
 * @param tile shape of the tiles; where absent the fewest and largest that the limits allow
 * @param workingBytes bytes a pixel that a prediction takes beside the weights; where absent what
 *     the layers tell, and nothing is known of a TorchScript module
 */
public record ServedGrids(
        Optional<Integer> minimum,
        Optional<Long> maximumPixels,
        Optional<Integer> multiple,
        Optional<String> above,
        Optional<Integer> overlap,
        Optional<String> tile,
        Optional<Long> workingBytes) {

    /** The overlap of networks that see further: what the seam error was measured with. */
    private static final int LONGEST_USUAL_OVERLAP = 128;

    public ServedGrids {
        above.ifPresent(Above::parse);
        tile.ifPresent(GridShape::parse);
        requirePositive("minimum", minimum.orElse(1));
        requirePositive("maximum-pixels", maximumPixels.orElse(1L));
        requirePositive("multiple", multiple.orElse(1));
        requirePositive("working-bytes", workingBytes.orElse(1L));
        if (overlap.orElse(0) < 0) {
            throw new IllegalArgumentException(
                    "grid.overlap is a number of pixels, got " + overlap.orElse(0));
        }
    }

    private static void requirePositive(String entry, long number) {
        if (number < 1) {
            throw new IllegalArgumentException(
                    "grid.%s is at least 1, got %d".formatted(entry, number));
        }
    }

    /** What holds where a manifest says nothing. */
    static ServedGrids usual() {
        return new ServedGrids(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public int minimumSide() {
        return minimum.orElse(8);
    }

    public long maximumArea() {
        return maximumPixels.orElse(2_000_000L);
    }

    public int gridMultiple() {
        return multiple.orElse(1);
    }

    /** What becomes of a grid above the limits. */
    public Above aboveLimits() {
        return above.map(Above::parse).orElse(Above.REFUSE);
    }

    /** The shape of the tiles, where the manifest fixes it. */
    public Optional<GridShape> tileShape() {
        return tile.map(GridShape::parse);
    }

    /**
     * The pixels that neighbouring tiles share: the manifest's, else enough for pixels of a seam to
     * see what they would in the whole, up to a limit.
     *
     * @param reach how far a pixel of the answer sees, where that is known and bounded
     * @param gridMultiple what the overlap is rounded up to a multiple of
     */
    int overlap(Optional<Integer> reach, int gridMultiple) {
        // A seam keeps 3/8 of the overlap away from the edges of its two tiles.
        int usual =
                reach.map(pixels -> (int) Math.min(LONGEST_USUAL_OVERLAP, (pixels * 8L + 2) / 3))
                        .orElse(LONGEST_USUAL_OVERLAP);
        return Math.ceilDiv(overlap.orElse(usual), gridMultiple) * gridMultiple;
    }

    /** 128x128, or as near to it as the limits allow. */
    public GridShape usualGrid() {
        int side = (int) Math.clamp(Math.sqrt((double) maximumArea()), 1, 128);
        return new GridShape(Math.max(side, minimumSide()), Math.max(side, minimumSide()));
    }

    /** What becomes of a grid that is too large for one model call. */
    public enum Above {
        /** It is refused, with the limit in the message. */
        REFUSE,
        /** It is cut into overlapping tiles. */
        TILE;

        static Above parse(String text) {
            return Arrays.stream(values())
                    .filter(above -> above.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException(
                                    "grid.above is 'refuse' or 'tile', got '" + text + "'"));
        }

        /** As manifests write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
