package io.nowcast.observability;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.nowcast.forecast.ForecastListener;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Meters what requests take. */
final class ForecastMeters implements ForecastListener {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final MeterRegistry registry;
    private final AtomicInteger inFlight;

    ForecastMeters(MeterRegistry registry) {
        this.registry = registry;
        this.inFlight = registry.gauge(Meters.REQUESTS_IN_FLIGHT.meterName(), new AtomicInteger());
    }

    @Override
    public void requestStarted() {
        inFlight.incrementAndGet();
    }

    @Override
    public void requestEnded(String model, String device, String outcome, Duration duration) {
        inFlight.decrementAndGet();
        histogram(Meters.REQUEST)
                .tag("model", model)
                .tag("device", device)
                .tag("outcome", outcome)
                .register(registry)
                .record(duration);
    }

    @Override
    public void stageTook(Stage stage, String model, String device, Duration duration) {
        histogram(Meters.STAGE)
                .tag("stage", stage.name().toLowerCase(Locale.ROOT))
                .tag("model", model)
                .tag("device", device)
                .register(registry)
                .record(duration);
    }

    @Override
    public void received(String model, long bytes, long frames) {
        counter(Meters.BYTES_RECEIVED, model).increment((double) bytes);
        counter(Meters.FRAMES_RECEIVED, model).increment((double) frames);
    }

    @Override
    public void answered(String model, long frames) {
        counter(Meters.FRAMES_FORECAST, model).increment((double) frames);
    }

    private Counter counter(Meters meter, String model) {
        return Counter.builder(meter.meterName()).tag("model", model).register(registry);
    }

    private static Timer.Builder histogram(Meters meter) {
        return Timer.builder(meter.meterName())
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST);
    }
}
