package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.forecast.ForecastListener.Stage;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StopwatchTest {

    private final Locale usual = Locale.getDefault(Locale.Category.FORMAT);

    @AfterEach
    void restore() {
        Locale.setDefault(Locale.Category.FORMAT, usual);
    }

    /** A comma would begin the next metric of the header. */
    @Test
    void tellsNumbersAlikeInEveryCountry() {
        Locale.setDefault(Locale.Category.FORMAT, Locale.GERMANY);
        Stopwatch stages = new Stopwatch();
        stages.set(Stage.DECODE, Duration.ofNanos(1_234_567));

        assertThat(stages.serverTiming()).isEqualTo("decode;dur=1.235");
    }
}
