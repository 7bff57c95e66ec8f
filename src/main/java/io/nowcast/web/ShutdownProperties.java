package io.nowcast.web;

import io.nowcast.settings.Setting;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the service takes leave of its clients.
 *
 * @param notice how long, before no connection is taken any more, answers tell clients to close
 *     theirs and readiness is off
 * @param settling how long, once the port is closed, connections that were accepted have to begin
 *     their request
 */
@ConfigurationProperties("nowcast.shutdown")
public record ShutdownProperties(
        @DefaultValue("1s") Duration notice, @DefaultValue("250ms") Duration settling) {

    public ShutdownProperties {
        Setting.requireTime(Duration.ZERO, "nowcast.shutdown.notice", notice);
        Setting.requireTime(Duration.ZERO, "nowcast.shutdown.settling", settling);
    }
}
