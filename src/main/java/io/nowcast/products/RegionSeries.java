package io.nowcast.products;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.MapGrid;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * The mean over a region, a number a lead time.
 *
 * @param region its name
 * @param pixels how many pixels it has
 * @param means over the pixels that are not missing; empty where all are
 */
public record RegionSeries(String region, int pixels, List<Optional<Double>> means) {

    /**
     * Averages frames over a region.
     *
     * @throws ProductException if the region holds no pixel of the grid
     */
    public static RegionSeries of(Region region, FrameSequence frames, MapGrid map) {
        BitSet pixels = region.pixels(frames.grid(), map);
        List<Optional<Double>> means = new ArrayList<>();
        int plane = (int) frames.grid().pixels();
        for (int frame = 0; frame < frames.length(); frame++) {
            double sum = 0;
            int observed = 0;
            for (int pixel = pixels.nextSetBit(0);
                    pixel >= 0;
                    pixel = pixels.nextSetBit(pixel + 1)) {
                float value = frames.values()[frame * plane + pixel];
                if (!Float.isNaN(value)) {
                    sum += value;
                    observed++;
                }
            }
            means.add(observed == 0 ? Optional.empty() : Optional.of(sum / observed));
        }
        return new RegionSeries(region.name(), pixels.cardinality(), means);
    }
}
