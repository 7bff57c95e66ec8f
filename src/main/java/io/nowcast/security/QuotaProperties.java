package io.nowcast.security;

import io.nowcast.settings.Setting;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What one client may ask for.
 *
 * @param requests forecast requests a period; 0 for any number
 * @param pixels pixels of the frames sent and asked for a period; 0 for any number
 * @param period after which a used-up quota is whole again; it comes back evenly
 * @param clients clients that are remembered
 */
@ConfigurationProperties("nowcast.quota")
public record QuotaProperties(
        @DefaultValue("0") long requests,
        @DefaultValue("0") long pixels,
        @DefaultValue("1m") Duration period,
        @DefaultValue("10000") int clients) {

    public QuotaProperties {
        Setting.requireAtLeast(0, "nowcast.quota.requests", requests);
        Setting.requireAtLeast(0, "nowcast.quota.pixels", pixels);
        Setting.requireAtLeast(1, "nowcast.quota.clients", clients);
        Setting.requireTime(Duration.ofSeconds(1), "nowcast.quota.period", period);
        if (Math.max(requests, pixels) > period.toNanos()) {
            throw new IllegalArgumentException(
                    "nowcast.quota.requests is %d and nowcast.quota.pixels %d; expected at most a billion a second"
                            .formatted(requests, pixels));
        }
    }
}
