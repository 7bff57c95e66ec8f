package io.nowcast.codec;

import io.nowcast.frames.LeadTimes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Names of files by their lead time: {@code +005min.png}, or {@code +0150s.png} where the interval
 * is no whole number of minutes.
 */
final class LeadFileNames {

    private LeadFileNames() {}

    static List<String> of(LeadTimes leadTimes, String suffix) {
        boolean wholeMinutes = leadTimes.interval().toMillis() % 60_000 == 0;
        return leadTimes.leads().stream().map(lead -> name(lead, wholeMinutes, suffix)).toList();
    }

    private static String name(Duration lead, boolean wholeMinutes, String suffix) {
        return wholeMinutes
                ? String.format(Locale.ROOT, "+%03dmin.%s", lead.toMinutes(), suffix)
                : String.format(Locale.ROOT, "+%04ds.%s", lead.toSeconds(), suffix);
    }
}
