package io.nowcast.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Writes time series as JSON, or as CSV (RFC 4180) with a column a region. */
final class SeriesWriter {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SeriesWriter() {}

    static void writeJson(SeriesDocument document, OutputStream out) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>(document.metadata());
        fields.put("units", document.unit().symbol());
        fields.put("steps", document.leadTimes().steps());
        List<Map<String, Object>> leadTimes = new ArrayList<>();
        for (int step = 0; step < document.leadTimes().steps(); step++) {
            leadTimes.add(ForecastJson.leadTime(document.leadTimes(), step));
        }
        fields.put("leadTimes", leadTimes);
        List<Map<String, Object>> all = new ArrayList<>();
        for (SeriesDocument.Series series : document.series()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("region", series.region());
            one.put("pixels", series.pixels());
            List<@Nullable Double> values = new ArrayList<>();
            series.values().forEach(value -> values.add(value.orElse(null)));
            one.put("values", values);
            all.add(one);
        }
        fields.put("series", all);
        out.write(JSON.writeValueAsBytes(fields));
    }

    static void writeCsv(SeriesDocument document, OutputStream out) throws IOException {
        StringBuilder rows = new StringBuilder("lead_minutes,valid_time");
        document.series().forEach(series -> rows.append(",\"").append(series.region()).append('"'));
        Optional<List<Instant>> times = document.leadTimes().validTimes();
        for (int step = 0; step < document.leadTimes().steps(); step++) {
            int index = step;
            rows.append("\r\n")
                    .append(document.leadTimes().leads().get(step).toSeconds() / 60.0)
                    .append(',')
                    .append(times.map(all -> all.get(index).toString()).orElse(""));
            for (SeriesDocument.Series series : document.series()) {
                rows.append(',').append(series.values().get(step).map(Object::toString).orElse(""));
            }
        }
        out.write(rows.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    }
}
