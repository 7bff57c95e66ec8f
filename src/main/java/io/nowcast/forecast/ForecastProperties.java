package io.nowcast.forecast;

import io.nowcast.settings.Setting;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of a forecast.
 *
 * @param timeout the deadline of requests that ask for none or for a longer one
 */
@ConfigurationProperties("nowcast.forecast")
public record ForecastProperties(@DefaultValue("60s") Duration timeout) {

    public ForecastProperties {
        Setting.requireTime(Duration.ofMillis(1), "nowcast.forecast.timeout", timeout);
    }
}
