package io.nowcast.observability;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.nowcast.batching.PredictionListener;
import java.util.Locale;

/** Meters what becomes of requests and predictions between admission and model call. */
final class PredictionMeters implements PredictionListener {

    private final MeterRegistry registry;

    PredictionMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Begins the counters of a model at 0. Of a counter that is first seen at 1, Prometheus takes
     * that 1 for no event.
     */
    void bind(String model) {
        for (Refusal reason : Refusal.values()) {
            counter(Meters.REQUESTS_REFUSED, model, reason);
        }
        for (Drop reason : Drop.values()) {
            counter(Meters.PREDICTIONS_DROPPED, model, reason);
        }
        for (Failure reason : Failure.values()) {
            counter(Meters.PREDICTIONS_FAILED, model, reason);
        }
    }

    @Override
    public void refused(String model, Refusal reason) {
        counter(Meters.REQUESTS_REFUSED, model, reason).increment();
    }

    @Override
    public void dropped(String model, Drop reason) {
        counter(Meters.PREDICTIONS_DROPPED, model, reason).increment();
    }

    @Override
    public void failed(String model, Failure reason) {
        counter(Meters.PREDICTIONS_FAILED, model, reason).increment();
    }

    @Override
    public void dispatched(String model, String device, int predictions) {
        DistributionSummary.builder(Meters.BATCH_SIZE.meterName())
                .tag("model", model)
                .tag("device", device)
                .register(registry)
                .record(predictions);
    }

    private Counter counter(Meters meter, String model, Enum<?> reason) {
        return registry.counter(
                meter.meterName(),
                "model",
                model,
                "reason",
                reason.name().toLowerCase(Locale.ROOT));
    }
}
