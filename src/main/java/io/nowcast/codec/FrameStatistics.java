package io.nowcast.codec;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.RainUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Minimum, maximum and mean of one frame over the pixels that are not missing, and how many are;
 * for rain rates also the fraction of those pixels that is wet.
 */
final class FrameStatistics {

    /** The lowest rain rate that counts as wet, in mm/h; usual in verification of nowcasts. */
    private static final float WET_MILLIMETRES_PER_HOUR = 0.1f;

    private final boolean rainRate;
    private final int pixels;
    private int present;
    private int wet;
    private double sum;
    private float minimum = Float.POSITIVE_INFINITY;
    private float maximum = Float.NEGATIVE_INFINITY;

    FrameStatistics(FrameSequence sequence, int frame) {
        rainRate = sequence.unit() == RainUnit.MILLIMETRES_PER_HOUR;
        pixels = (int) sequence.grid().pixels();
        float[] values = sequence.values();
        for (int i = frame * pixels; i < (frame + 1) * pixels; i++) {
            float value = values[i];
            if (!Float.isNaN(value)) {
                present++;
                sum += value;
                minimum = Math.min(minimum, value);
                maximum = Math.max(maximum, value);
                wet += value >= WET_MILLIMETRES_PER_HOUR ? 1 : 0;
            }
        }
    }

    /** As JSON; what a frame without data lacks is null. */
    Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        boolean any = present > 0;
        fields.put("minimum", any ? minimum : null);
        fields.put("maximum", any ? maximum : null);
        fields.put("mean", any ? sum / present : null);
        fields.put("missing", pixels - present);
        if (rainRate) {
            fields.put("wetFraction", any ? (double) wet / present : null);
        }
        return fields;
    }
}
