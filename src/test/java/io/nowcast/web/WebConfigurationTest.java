package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;

class WebConfigurationTest {

    /** A reader of HTTP/2 that opens its window byte by byte would keep its answer for days. */
    @Test
    void refusesHttp2() {
        ServerProperties server =
                bound("server", ServerProperties.class, Map.of("server.http2.enabled", "true"));
        LimitProperties limits = bound("nowcast.limits", LimitProperties.class, Map.of());

        assertThatThrownBy(() -> new WebConfiguration().valvesForTomcat(server, limits, () -> 0))
                .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                .hasMessageContaining("server.http2.enabled")
                .hasMessageContaining("proxy");
    }

    private static <T> T bound(String prefix, Class<T> type, Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate(prefix, type);
    }
}
