package io.nowcast.observability;

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

    @Override
    public void refused(String model, Refusal reason) {
        count(Meters.REQUESTS_REFUSED, model, reason);
    }

    @Override
    public void dropped(String model, Drop reason) {
        count(Meters.PREDICTIONS_DROPPED, model, reason);
    }

    @Override
    public void failed(String model, Failure reason) {
        count(Meters.PREDICTIONS_FAILED, model, reason);
    }

    @Override
    public void dispatched(String model, String device, int predictions) {
        DistributionSummary.builder(Meters.BATCH_SIZE.meterName())
                .tag("model", model)
                .tag("device", device)
                .register(registry)
                .record(predictions);
    }

    private void count(Meters meter, String model, Enum<?> reason) {
        registry.counter(
                        meter.meterName(),
                        "model",
                        model,
                        "reason",
                        reason.name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
