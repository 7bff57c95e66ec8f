package io.nowcast.tiling;

/**
 * Tiles along one side of a grid: equally long, spread evenly, each overlapping the next by at
 * least the overlap that was asked for.
 *
 * <p>Where two tiles overlap, the answer passes from one to the other over a ramp in the middle of
 * the overlap; what lies outside of the ramp, near a tile's edge, is not used at all. The ramps of
 * one side never touch each other, so that a pixel is made of one or two tiles, and all weights are
 * multiples of 1/4096: in binary arithmetic those of a pixel add up to one exactly.
 *
 * @param length pixels of the side
 * @param tile pixels of a tile
 * @param count number of tiles
 * @param multiple what every tile's first pixel and length are a multiple of
 * @param ramp pixels over which two tiles pass into each other
 */
record TileAxis(int length, int tile, int count, int multiple, int ramp) {

    /** Share of the overlap that the ramp takes: the rest keeps away from the tiles' edges. */
    private static final int RAMPS_AN_OVERLAP = 4;

    private static final float WEIGHT_STEPS = 4096;

    /** One tile over the whole side. */
    static TileAxis whole(int length, int multiple) {
        return new TileAxis(length, length, 1, multiple, 0);
    }

    /** As few tiles as a side needs. */
    static int count(int length, int longestTile, int overlap) {
        return longestTile >= length ? 1 : Math.ceilDiv(length - overlap, longestTile - overlap);
    }

    /** The shortest tile of which that many cover a side. */
    static int tile(int length, int count, int overlap, int multiple) {
        return Math.ceilDiv(Math.ceilDiv(length + (count - 1) * overlap, count), multiple)
                * multiple;
    }

    /** Tiles of a length that {@link #count} and {@link #isLongEnough} agree to. */
    static TileAxis of(int length, int tile, int overlap, int multiple) {
        int count = count(length, tile, overlap);
        return count == 1
                ? whole(length, multiple)
                : new TileAxis(length, tile, count, multiple, overlap / RAMPS_AN_OVERLAP);
    }

    /** Whether tiles of a length cover a side, and ramps of neighbouring overlaps keep apart. */
    static boolean isLongEnough(int length, int tile, int overlap, int multiple) {
        if (tile >= length) {
            return true;
        }
        // Two tiles have one ramp only.
        return tile > overlap
                && (count(length, tile, overlap) == 2 || tile >= 3 * overlap + 2 * multiple);
    }

    /** First pixel of a tile. */
    int start(int index) {
        if (count == 1) {
            return 0;
        }
        long spread = (long) index * (length - tile) / (count - 1);
        return Math.toIntExact(index == count - 1 ? length - tile : spread / multiple * multiple);
    }

    /** The weight of a tile's answer at a pixel of the side; 0 outside of what it is used for. */
    float weight(int index, int pixel) {
        float entered = index == 0 ? 1 : passed(index, pixel);
        float left = index == count - 1 ? 0 : passed(index + 1, pixel);
        return entered - left;
    }

    /** First pixel of a tile that its answer is used for. */
    int usedFrom(int index) {
        return index == 0 ? 0 : rampStart(index);
    }

    /** The pixel after the last one that a tile's answer is used for. */
    int usedTo(int index) {
        return index == count - 1 ? length : rampStart(index + 1) + ramp;
    }

    /** From 0 before the ramp between a tile and the one before it to 1 after it, smoothly. */
    private float passed(int index, int pixel) {
        int from = rampStart(index);
        if (pixel < from) {
            return 0;
        }
        if (pixel >= from + ramp) {
            return 1;
        }
        double share = (pixel - from + 0.5) / ramp;
        double smooth = share * share * (3 - 2 * share);
        return Math.round(smooth * WEIGHT_STEPS) / WEIGHT_STEPS;
    }

    /** First pixel of the ramp in the middle of the overlap with the tile before. */
    private int rampStart(int index) {
        int overlapEnd = start(index - 1) + tile;
        return (start(index) + overlapEnd - ramp) / 2;
    }
}
