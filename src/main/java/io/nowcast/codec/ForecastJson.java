package io.nowcast.codec;

import io.nowcast.frames.GridShape;
import io.nowcast.frames.LeadTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The pieces that JSON answers and the {@code metadata.json} of a PNG stack share. */
final class ForecastJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ForecastJson() {}

    static Map<String, Object> grid(GridShape grid) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("height", grid.height());
        fields.put("width", grid.width());
        return fields;
    }

    /**
     * The {@code metadata.json} of an archive of files.
     *
     * @param names of the files, one a lead time
     */
    static byte[] metadata(ForecastDocument document, List<String> names) {
        return metadata(document, names, Map.of());
    }

    /**
     * The same, of files whose integers stand for values.
     *
     * @param encoding how they do, empty where the values stand there themselves
     */
    static byte[] metadata(
            ForecastDocument document, List<String> names, Map<String, Object> encoding) {
        Map<String, Object> metadata = new LinkedHashMap<>(document.metadata());
        metadata.put("units", document.unit().symbol());
        metadata.put("grid", grid(document.grid()));
        metadata.put("steps", document.leadTimes().steps());
        if (document.batched()) {
            metadata.put("batch", document.sequences().size());
        }
        if (!encoding.isEmpty()) {
            metadata.put("encoding", encoding);
        }
        List<Map<String, Object>> leadTimes = new ArrayList<>();
        for (int step = 0; step < names.size(); step++) {
            Map<String, Object> leadTime = new LinkedHashMap<>();
            leadTime.put("file", names.get(step));
            leadTime.putAll(leadTime(document.leadTimes(), step));
            leadTimes.add(leadTime);
        }
        metadata.put("leadTimes", leadTimes);
        return JSON.writeValueAsBytes(metadata);
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
