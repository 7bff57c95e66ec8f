package io.nowcast.observability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.nowcast.model.ChangeAttempt;
import io.nowcast.model.ModelCatalogue;
import io.nowcast.model.ServedModel;
import io.nowcast.reload.ChangeListener;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/** Meters which generation of each model is served, and what became of changes. */
final class ChangeMeters implements ChangeListener {

    private final MeterRegistry registry;
    private final ModelCatalogue catalogue;
    private final ObjectProvider<PoolMeters> pool;
    private final PredictionMeters predictions;
    private final MultiGauge digests;
    private final Set<String> bound = ConcurrentHashMap.newKeySet();

    ChangeMeters(
            MeterRegistry registry,
            ModelCatalogue catalogue,
            ObjectProvider<PoolMeters> pool,
            PredictionMeters predictions) {
        this.registry = registry;
        this.catalogue = catalogue;
        this.pool = pool;
        this.predictions = predictions;
        this.digests = MultiGauge.builder(Meters.MODEL_INFO.meterName()).register(registry);
    }

    @EventListener(ApplicationReadyEvent.class)
    void bind() {
        Gauge.builder(Meters.MODELS_BROKEN.meterName(), catalogue, ChangeMeters::broken)
                .register(registry);
        catalogue.models().forEach(this::served);
    }

    @Override
    public void served(ServedModel model) {
        String name = model.name();
        // They read whichever generation is served, and Micrometer warns of a second registration.
        if (bound.add(name)) {
            pool.getObject().bind(model);
            predictions.bind(name);
            Gauge.builder(
                            Meters.MODEL_GENERATION.meterName(),
                            catalogue,
                            all -> generation(all, name))
                    .tag("model", name)
                    .register(registry);
        }
        digests.register(
                catalogue.models().stream().map(ChangeMeters::digest).collect(Collectors.toList()),
                true);
    }

    private static double broken(ModelCatalogue catalogue) {
        return catalogue.broken().size()
                + catalogue.models().stream()
                        .map(model -> catalogue.lastChange(model.name()))
                        .flatMap(Optional::stream)
                        .filter(change -> change.state() == ChangeAttempt.State.REFUSED)
                        .filter(change -> change.kind() != ChangeAttempt.Kind.ROLLBACK)
                        .count();
    }

    private static double generation(ModelCatalogue catalogue, String name) {
        return catalogue.find(name).map(model -> model.generation().number()).orElse(0);
    }

    private static MultiGauge.Row<?> digest(ServedModel model) {
        return MultiGauge.Row.of(
                Tags.of("model", model.name(), "digest", model.facts().digest()), 1);
    }

    @Override
    public void ended(String model, ChangeAttempt.Kind kind, Outcome outcome, Duration took) {
        Timer.builder(Meters.MODEL_CHANGE.meterName())
                .tag("model", model)
                .tag("kind", kind.toString())
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry)
                .record(took);
    }
}
