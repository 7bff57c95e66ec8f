package io.nowcast.codec;

import io.nowcast.frames.FrameSequence;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Writes the statistics of a forecast as CSV (RFC 4180), a row a lead time; what a frame without
 * data lacks is empty.
 */
final class ForecastCsvWriter {

    private ForecastCsvWriter() {}

    static void write(ForecastDocument document, OutputStream out) throws IOException {
        FrameSequence forecast = document.onlySequence();
        StringBuilder rows =
                new StringBuilder("lead_minutes,valid_time,minimum,maximum,mean,missing\r\n");
        Optional<List<Instant>> times = document.leadTimes().validTimes();
        for (int step = 0; step < forecast.length(); step++) {
            int index = step;
            var fields = new FrameStatistics(forecast, step).fields();
            rows.append(document.leadTimes().leads().get(step).toSeconds() / 60.0)
                    .append(',')
                    .append(times.map(all -> all.get(index).toString()).orElse(""));
            for (String field : List.of("minimum", "maximum", "mean", "missing")) {
                Object value = fields.get(field);
                rows.append(',').append(value == null ? "" : value);
            }
            rows.append("\r\n");
        }
        out.write(rows.toString().getBytes(StandardCharsets.UTF_8));
    }
}
