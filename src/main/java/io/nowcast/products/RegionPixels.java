package io.nowcast.products;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.MapGrid;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** The pixels of one grid that a region holds, at least one. */
public final class RegionPixels {

    private final String region;
    private final GridShape grid;
    private final int first;

    /** Counted from the first, so that a place far down a large grid takes no more than a bit. */
    private final BitSet pixels;

    private RegionPixels(String region, GridShape grid, BitSet pixels) {
        this.region = region;
        this.grid = grid;
        this.first = pixels.nextSetBit(0);
        this.pixels = pixels.get(first, pixels.length());
    }

    /**
     * Finds the pixels.
     *
     * @throws ProductException if the region holds no pixel of the grid, or cannot be projected
     */
    public static RegionPixels of(Region region, GridShape grid, MapGrid map) {
        return new RegionPixels(region.name(), grid, region.pixels(grid, map));
    }

    /** The mean of each frame, which is of this grid. */
    public RegionSeries means(FrameSequence frames) {
        if (!frames.grid().equals(grid)) {
            throw new IllegalArgumentException(
                    "expected frames of %s, got %s".formatted(grid, frames.grid()));
        }
        List<Optional<Double>> means = new ArrayList<>();
        int plane = (int) grid.pixels();
        for (int frame = 0; frame < frames.length(); frame++) {
            means.add(mean(frames.values(), frame * plane + first));
        }
        return new RegionSeries(region, pixels.cardinality(), means);
    }

    private Optional<Double> mean(float[] values, int start) {
        double sum = 0;
        int observed = 0;
        for (int pixel = pixels.nextSetBit(0); pixel >= 0; pixel = pixels.nextSetBit(pixel + 1)) {
            float value = values[start + pixel];
            if (!Float.isNaN(value)) {
                sum += value;
                observed++;
            }
        }
        return observed == 0 ? Optional.empty() : Optional.of(sum / observed);
    }
}
