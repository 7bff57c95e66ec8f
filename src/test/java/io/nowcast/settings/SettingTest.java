package io.nowcast.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.batching.BatchingProperties;
import io.nowcast.batching.WorkingMemoryProperties;
import io.nowcast.forecast.ForecastProperties;
import io.nowcast.model.ModelProperties;
import io.nowcast.security.AccessProperties;
import io.nowcast.security.QuotaProperties;
import io.nowcast.web.LimitProperties;
import io.nowcast.web.ShutdownProperties;
import io.nowcast.worker.WorkerProperties;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SettingTest {

    private static final List<Class<? extends Record>> ALL =
            List.of(
                    AccessProperties.class,
                    BatchingProperties.class,
                    ForecastProperties.class,
                    LimitProperties.class,
                    ModelProperties.class,
                    QuotaProperties.class,
                    ShutdownProperties.class,
                    WorkingMemoryProperties.class,
                    WorkerProperties.class);

    @ParameterizedTest
    @CsvSource({
        "nowcast.queue.capacity, 0, 1 to 100000",
        "nowcast.queue.capacity, 100001, 1 to 100000",
        "nowcast.queue.batch, -1, 0 or more",
        "nowcast.limits.frames, 0, 1 or more",
        "nowcast.limits.batch, 0, 1 or more",
        "nowcast.limits.pixels, 0, 1 to 2147483639",
        "nowcast.limits.entries, 0, 1 or more",
        "nowcast.limits.decoders, 0, 1 to 1024",
        "nowcast.limits.json-depth, 3, 4 to 1000",
        "nowcast.limits.json-depth, 1001, 4 to 1000",
        "nowcast.limits.body, -1B, 1B to 2147483639B",
        "nowcast.limits.body, 2147483648B, 1B to 2147483639B",
        "nowcast.limits.expanded, 0B, 1B to 8589934556B",
        "nowcast.limits.working-memory, 0B, 1B or more",
        "nowcast.limits.upload-rate, -1B, 0B or more",
        "nowcast.limits.download-rate, -1B, 0B or more",
        "nowcast.limits.upload-grace, PT-1S, PT0S to PT8760H",
        "nowcast.limits.download-grace, PT2562047788015215H30M7S, PT0S to PT8760H",
        "nowcast.queue.memory, 0B, 1B or more",
        "nowcast.queue.batch-memory, -1B, 0B or more",
        "nowcast.queue.window, PT-0.005S, PT0S to PT8760H",
        "nowcast.queue.ageing, PT-1S, PT0S to PT8760H",
        "nowcast.forecast.timeout, PT0S, PT0.001S to PT8760H",
        "nowcast.forecast.timeout, PT8760H0.001S, PT0.001S to PT8760H",
        "nowcast.stuck, PT0S, PT0.001S to PT8760H",
        "nowcast.load, PT0S, PT0.001S to PT8760H",
        "nowcast.drain, PT-1S, PT0S to PT8760H",
        "nowcast.shutdown.notice, PT-1S, PT0S to PT8760H",
        "nowcast.shutdown.settling, PT-1S, PT0S to PT8760H",
        "nowcast.weights.mine, Infinity, a number above 0",
        "nowcast.quota.requests, -1, 0 or more",
        "nowcast.quota.pixels, -1, 0 or more",
        "nowcast.quota.clients, 0, 1 or more",
        "nowcast.cpu.workers, 257, 0 to 256",
        "nowcast.cpu.threads, -1, 0 to 1024",
        "nowcast.cpu.threads, 1025, 0 to 1024",
        "nowcast.weights.mine, 0.0, a number above 0",
        "nowcast.weights.mine, NaN, a number above 0",
        "nowcast.models.poll, PT0S, PT0.001S to PT8760H",
        "nowcast.models.settle, PT-1S, PT0S to PT8760H",
        "nowcast.quota.period, PT0.5S, PT1S to PT8760H",
        "nowcast.security.keys.refresh, PT0S, PT0.001S to PT8760H",
        "nowcast.security.cors.origins, radar.example, '*, or origins such as https://radar.example'",
        "nowcast.security.cors.origins, https://radar.example/map, '*, or origins such as https://radar.example'"
    })
    void refusesWhatAPropertyMustNotBe(String property, String value, String expected) {
        assertThatThrownBy(() -> bindAll(Map.of(property, value)))
                .hasRootCauseMessage("%s is %s; expected %s".formatted(property, value, expected));
    }

    @Test
    void refusesMoreMemoryForRequestsThanTheHeapHas() {
        assertThatThrownBy(() -> bindAll(Map.of("nowcast.queue.memory", "16TB")))
                .hasRootCauseMessage(
                        "nowcast.queue.memory is 17592186044416B; expected no more than the heap of %dB (-Xmx)",
                        Runtime.getRuntime().maxMemory());
    }

    @ParameterizedTest
    @CsvSource({
        "nowcast.devices",
        "nowcast.models.default-model",
        "nowcast.security.jwt.principal"
    })
    void refusesANameWithoutLetters(String property) {
        assertThatThrownBy(() -> bindAll(Map.of(property, " ")))
                .hasRootCauseMessage("%s is ' '; expected a name".formatted(property));
    }

    @ParameterizedTest
    @CsvSource({
        "algorithms, HS256, 'are [HS256]; expected signature algorithms of asymmetric keys, such as RS256'",
        "algorithms, '', 'are []; expected signature algorithms of asymmetric keys, such as RS256'",
        "jwk-set-uri, keys.json, is keys.json; expected one of http or https"
    })
    void refusesTokensThatNobodyCouldCheck(String property, String value, String told) {
        Map<String, String> properties =
                Map.of(
                        "nowcast.security.mode",
                        "jwt",
                        "nowcast.security.jwt.issuer",
                        "https://issuer.example",
                        "nowcast.security.jwt.audiences",
                        "nowcast",
                        "nowcast.security.jwt." + property,
                        value);

        assertThatThrownBy(() -> bindAll(properties))
                .hasRootCauseMessage("nowcast.security.jwt.%s %s".formatted(property, told));
    }

    @Test
    void doesNotWatchADirectoryThatThereIsNot() {
        assertThatThrownBy(() -> bindAll(Map.of("nowcast.models.watch", "true")))
                .hasRootCauseMessage(
                        "nowcast.models.watch is true, and nowcast.models.directory is not given");
    }

    @Test
    void takesTheLeastAndTheMost() {
        bindAll(
                Map.of(
                        "nowcast.queue.capacity", "100000",
                        "nowcast.limits.frames", "1",
                        "nowcast.limits.json-depth", "4",
                        "nowcast.cpu.workers", "256",
                        "nowcast.quota.clients", "1"));
    }

    private static void bindAll(Map<String, String> properties) {
        Binder binder = new Binder(new MapConfigurationPropertySource(properties));
        for (Class<? extends Record> type : ALL) {
            String prefix = type.getAnnotation(ConfigurationProperties.class).value();
            assertThat((Object) binder.bindOrCreate(prefix, type)).isNotNull();
        }
    }
}
