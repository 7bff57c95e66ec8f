package io.nowcast.benchmark;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.RainUnit;
import io.nowcast.scaling.ZrRelation;
import java.util.Random;

/**
 * Rain cells that drift over a dry country, with a corner that no radar covers. It looks like a
 * composite and is none, so it needs no file; a seed always gives the same frames.
 */
final class SyntheticRadar {

    private static final int CELLS = 9;
    private static final float DRY_BELOW_DBZ = 5;
    private static final double NOISE_DBZ = 0.4;

    private SyntheticRadar() {}

    /** Frames in dBZ, NaN in the uncovered corner. */
    static FrameSequence reflectivity(int length, GridShape grid, int seed) {
        Random random = new Random(seed);
        double[][] cells = new double[CELLS][];
        for (int index = 0; index < CELLS; index++) {
            cells[index] = cell(random);
        }
        double eastward = (random.nextDouble() - 0.5) / 20;
        double southward = (random.nextDouble() - 0.5) / 20;
        float[] values = new float[length * (int) grid.pixels()];
        int write = 0;
        for (int frame = 0; frame < length; frame++) {
            for (int row = 0; row < grid.height(); row++) {
                for (int column = 0; column < grid.width(); column++) {
                    double y = (double) row / grid.height();
                    double x = (double) column / grid.width();
                    double noise = NOISE_DBZ * random.nextDouble();
                    values[write++] =
                            x + y < 0.1
                                    ? Float.NaN
                                    : echo(cells, y - frame * southward, x - frame * eastward)
                                            + (float) noise;
                }
            }
        }
        return new FrameSequence(length, grid, RainUnit.DBZ, dry(values));
    }

    /** Row and column of the centre, radius (all as fractions of the grid) and peak in dBZ. */
    private static double[] cell(Random random) {
        return new double[] {
            random.nextDouble(),
            random.nextDouble(),
            0.05 + 0.15 * random.nextDouble(),
            20 + 35 * random.nextDouble()
        };
    }

    private static float echo(double[][] cells, double y, double x) {
        double strongest = ZrRelation.NO_ECHO_DBZ;
        for (double[] cell : cells) {
            double distance = ((y - cell[0]) * (y - cell[0]) + (x - cell[1]) * (x - cell[1]));
            strongest = Math.max(strongest, cell[3] - 20 * distance / (cell[2] * cell[2]));
        }
        return (float) strongest;
    }

    private static float[] dry(float[] values) {
        for (int index = 0; index < values.length; index++) {
            values[index] = values[index] < DRY_BELOW_DBZ ? ZrRelation.NO_ECHO_DBZ : values[index];
        }
        return values;
    }

    /** The same frames in mm/h. */
    static FrameSequence rainRate(FrameSequence reflectivity) {
        float[] values = reflectivity.values().clone();
        for (int index = 0; index < values.length; index++) {
            values[index] = ZrRelation.MARSHALL_PALMER.rainRate(values[index]);
        }
        return new FrameSequence(
                reflectivity.length(), reflectivity.grid(), RainUnit.MILLIMETRES_PER_HOUR, values);
    }
}
