package io.nowcast.codec;

import io.nowcast.frames.LeadTimes;
import io.nowcast.frames.RainUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Time series on their way out.
 *
 * @param metadata what JSON answers open with, in this order
 */
public record SeriesDocument(
        List<Series> series, LeadTimes leadTimes, RainUnit unit, Map<String, Object> metadata) {

    public SeriesDocument {
        series = List.copyOf(series);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * The series of one region.
     *
     * @param pixels how many pixels the region has
     * @param values one a lead time, empty where missing
     */
    public record Series(String region, int pixels, List<Optional<Double>> values) {

        public Series {
            values = List.copyOf(values);
        }
    }
}
