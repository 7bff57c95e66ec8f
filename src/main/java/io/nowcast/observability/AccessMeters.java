package io.nowcast.observability;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.nowcast.security.AccessListener;
import java.util.Locale;

/*
 * `keys` and `broken` are written by whoever reads the file of keys and read by scrapes.
 */

/** Meters who is let in. Never who it was: names of clients have no bound. */
final class AccessMeters implements AccessListener {

    private final MeterRegistry registry;
    private volatile int keys;
    private volatile boolean broken;

    AccessMeters(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder(Meters.API_KEYS.meterName(), this, meters -> meters.keys).register(registry);
        Gauge.builder(Meters.API_KEYS_BROKEN.meterName(), this, meters -> meters.broken ? 1 : 0)
                .register(registry);
        for (Reason reason : Reason.values()) {
            refusals(reason);
        }
    }

    @Override
    public void refused(Reason reason) {
        refusals(reason).increment();
    }

    @Override
    public void keysRead(int keys, boolean broken) {
        this.keys = keys;
        this.broken = broken;
    }

    private Counter refusals(Reason reason) {
        return Counter.builder(Meters.ACCESS_REFUSED.meterName())
                .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }
}
