package io.nowcast.engine;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.RainUnit;
import java.util.Random;

/**
 * Frames that a forecast can be made of where there are none: Gaussian showers of 1 to 60 mm/h that
 * drift together over a dry grid and grow or decay by up to a tenth a frame. The same for the same
 * length and grid, always.
 */
final class ArtificialRain {

    private static final long SEED = 7;

    /** Enough that rain covers about a third of the grid. */
    private static final int SHOWERS = 12;

    /** Under this, in mm/h, it does not rain. */
    private static final double DRY_BELOW = 0.1;

    private ArtificialRain() {}

    /** Rain rates in mm/h, {@code [T, H, W]}. */
    static FrameSequence frames(int length, GridShape grid) {
        Random random = new Random(SEED);
        double eastward = (random.nextDouble() - 0.5) / 20;
        double southward = (random.nextDouble() - 0.5) / 20;
        float[] values = new float[Math.toIntExact(length * grid.pixels())];
        for (int shower = 0; shower < SHOWERS; shower++) {
            double row = random.nextDouble();
            double column = random.nextDouble();
            double radius = 0.03 + 0.1 * random.nextDouble();
            double peak = Math.pow(60, random.nextDouble());
            double growth = 0.9 + 0.2 * random.nextDouble();
            for (int frame = 0; frame < length; frame++) {
                add(
                        values,
                        frame,
                        grid,
                        row + frame * southward,
                        column + frame * eastward,
                        radius,
                        peak * Math.pow(growth, frame));
            }
        }
        for (int index = 0; index < values.length; index++) {
            values[index] = values[index] < DRY_BELOW ? 0 : values[index];
        }
        return new FrameSequence(length, grid, RainUnit.MILLIMETRES_PER_HOUR, values);
    }

    private static void add(
            float[] values,
            int frame,
            GridShape grid,
            double centreRow,
            double centreColumn,
            double radius,
            double peak) {
        int write = Math.toIntExact(frame * grid.pixels());
        for (int row = 0; row < grid.height(); row++) {
            double south = ((row + 0.5) / grid.height() - centreRow) / radius;
            for (int column = 0; column < grid.width(); column++, write++) {
                double east = ((column + 0.5) / grid.width() - centreColumn) / radius;
                values[write] += (float) (peak * Math.exp(-(south * south + east * east) / 2));
            }
        }
    }
}
