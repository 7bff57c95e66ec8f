package io.nowcast.codec;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.LeadTimes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The pieces that JSON answers and the {@code metadata.json} of a PNG stack share. */
final class ForecastJson {

    private ForecastJson() {}

    static Map<String, Object> grid(GridShape grid) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("height", grid.height());
        fields.put("width", grid.width());
        return fields;
    }

    /**
     * Lead time and, where known, valid time of one step.
     *
     * @param step counted from 0
     */
    static Map<String, Object> leadTime(LeadTimes leadTimes, int step) {
        Map<String, Object> fields = new LinkedHashMap<>();
        Duration lead = leadTimes.leads().get(step);
        boolean whole = lead.toMillis() % 60_000 == 0;
        fields.put("leadMinutes", whole ? (Number) lead.toMinutes() : lead.toMillis() / 60_000.0);
        leadTimes
                .validTimes()
                .ifPresent(times -> fields.put("validTime", times.get(step).toString()));
        return fields;
    }
}
