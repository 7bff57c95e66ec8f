package io.nowcast.security;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What one client may ask for.
 *
 * @param requests forecast requests a period; 0 for any number
 * @param pixels pixels of the frames sent and asked for a period; 0 for any number
 * @param period after which a used-up quota is whole again; it comes back evenly
 * @param clients clients that are remembered
 */
@Validated
@ConfigurationProperties("nowcast.quota")
public record QuotaProperties(
        @DefaultValue("0") @Min(0) long requests,
        @DefaultValue("0") @Min(0) long pixels,
        @DefaultValue("1m") Duration period,
        @DefaultValue("10000") @Min(1) int clients) {

    public QuotaProperties {
        if (period.toSeconds() < 1) {
            throw new IllegalArgumentException(
                    "nowcast.quota.period is %s; expected a second or more".formatted(period));
        }
        if (Math.max(requests, pixels) > period.toNanos()) {
            throw new IllegalArgumentException(
                    "nowcast.quota.requests is %d and nowcast.quota.pixels %d; expected at most a billion a second"
                            .formatted(requests, pixels));
        }
    }
}
