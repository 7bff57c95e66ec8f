package io.nowcast.codec;

import io.nowcast.frames.LeadTimes;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Writes a forecast as NPZ: {@code forecast} float32, {@code lead_minutes} float64 {@code [S]} and,
 * where the reference time is known, {@code valid_times} int64 {@code [S]} and {@code
 * reference_time}, an int64 without dimensions, both in epoch seconds.
 */
final class NpzWriter {

    private NpzWriter() {}

    static void write(ForecastDocument document, OutputStream out) throws IOException {
        LeadTimes leadTimes = document.leadTimes();
        try (StoredZip zip = new StoredZip(out)) {
            zip.add(
                    "forecast.npy",
                    entry -> NpyWriter.write(document.sequences(), document.batched(), entry));
            zip.add("lead_minutes.npy", NpyWriter.doubles(leadMinutes(leadTimes)));
            Optional<List<Instant>> validTimes = leadTimes.validTimes();
            if (validTimes.isPresent()) {
                zip.add("valid_times.npy", NpyWriter.longs(epochSeconds(validTimes.get())));
            }
            Optional<Instant> reference = leadTimes.referenceTime();
            if (reference.isPresent()) {
                zip.add("reference_time.npy", NpyWriter.scalar(reference.get().getEpochSecond()));
            }
        }
    }

    private static double[] leadMinutes(LeadTimes leadTimes) {
        return leadTimes.leads().stream().mapToDouble(NpzWriter::minutes).toArray();
    }

    private static double minutes(Duration lead) {
        return lead.toMillis() / (double) Duration.ofMinutes(1).toMillis();
    }

    private static long[] epochSeconds(List<Instant> times) {
        return times.stream().mapToLong(Instant::getEpochSecond).toArray();
    }
}
