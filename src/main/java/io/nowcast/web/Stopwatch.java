package io.nowcast.web;

import io.nowcast.forecast.ForecastListener.Stage;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the stages of one request took. */
final class Stopwatch {

    private final Map<Stage, Duration> laps = new EnumMap<>(Stage.class);
    private long lapStarted = System.nanoTime();

    static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    void restart() {
        lapStarted = System.nanoTime();
    }

    /** Ends a stage that began with this stopwatch, its last lap or its last restart. */
    void lap(Stage stage) {
        laps.put(stage, since(lapStarted));
        restart();
    }

    void set(Stage stage, Duration duration) {
        laps.put(stage, duration);
    }

    Map<Stage, Duration> laps() {
        return Map.copyOf(laps);
    }

    /**
     * The value of a <a href="https://www.w3.org/TR/server-timing/">Server-Timing</a> header, in
     * milliseconds.
     */
    String serverTiming() {
        return laps.entrySet().stream()
                .map(lap ->
                        String.format(
                                Locale.ROOT,
                                "%s;dur=%.3f",
                                lap.getKey().name().toLowerCase(Locale.ROOT),
                                lap.getValue().toNanos() / 1e6))
                .collect(Collectors.joining(", "));
    }
}
