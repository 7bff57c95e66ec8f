package io.nowcast.benchmark;

import io.nowcast.codec.FrameFormat;
import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.RainUnit;
import io.nowcast.scaling.ZrRelation;

/**
 * Compares two answers to one request in the number range of the bundled model, 0 to 60 dBZ, since
 * that is where the contract states its tolerance. Rain under 5 dBZ is no rain: a model number that
 * rounds to either side of it jumps in dBZ and mm/h, and must not count as a difference here.
 */
final class AnswerComparison {

    private static final double RANGE_DBZ = 60;
    private static final double DRY_BELOW_DBZ = 5;

    /**
     * Eight-bit PNGs hold steps of half a dBZ; a value between two of them may round either way.
     */
    private static final double PIXEL_STEP = 0.5 / RANGE_DBZ;

    private AnswerComparison() {}

    /** The share of the output's range between two values that answers in this format can hold. */
    static double step(FrameFormat format) {
        return format == FrameFormat.PNG_STACK ? PIXEL_STEP : 0;
    }

    /**
     * The largest difference as a share of the output's range; infinite if the shapes differ or a
     * pixel is missing in one only.
     */
    static double difference(FrameSequence expected, FrameSequence actual) {
        float[] one = expected.values();
        float[] other = actual.values();
        if (expected.length() != actual.length() || !expected.grid().equals(actual.grid())) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = 0;
        for (int index = 0; index < one.length; index++) {
            if (Float.isNaN(one[index]) != Float.isNaN(other[index])) {
                return Double.POSITIVE_INFINITY;
            }
            if (one[index] != other[index] && !Float.isNaN(one[index])) {
                largest =
                        Math.max(
                                largest,
                                Math.abs(
                                        share(one[index], expected.unit())
                                                - share(other[index], actual.unit())));
            }
        }
        return largest;
    }

    private static double share(float value, RainUnit unit) {
        return switch (unit) {
            case MODEL, MILLIMETRES, NONE -> value;
            case DBZ -> Math.max(value, DRY_BELOW_DBZ) / RANGE_DBZ;
            case MILLIMETRES_PER_HOUR ->
                    share(ZrRelation.MARSHALL_PALMER.reflectivity(value), RainUnit.DBZ);
        };
    }
}
