package io.nowcast.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.TimeMeter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * What each client may have. Of a client that was not seen for a period nothing needs to be known:
 * its allowances are whole. Beyond the number of clients that are remembered the ones not seen for
 * longest are forgotten, and begin anew. The headers are those of
 * draft-ietf-httpapi-ratelimit-headers-10.
 */
public final class ClientQuotas {

    private static final String POLICY = "RateLimit-Policy";
    private static final String STATE = "RateLimit";

    private final QuotaProperties quotas;
    private final TimeMeter time;
    private final AccessListener listener;
    private final Cache<String, Allowances> clients;

    ClientQuotas(QuotaProperties quotas, LongSupplier nanoClock, AccessListener listener) {
        this.quotas = quotas;
        this.time = meter(nanoClock);
        this.listener = listener;
        this.clients =
                Caffeine.newBuilder()
                        .maximumSize(quotas.clients())
                        .expireAfterAccess(quotas.period())
                        .ticker(nanoClock::getAsLong)
                        .executor(Runnable::run)
                        .build();
    }

    private static TimeMeter meter(LongSupplier nanoClock) {
        return new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return nanoClock.getAsLong();
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        };
    }

    /**
     * Counts a request, before its body is read.
     *
     * @throws AccessException.QuotaExceeded if the client has had all its requests or pixels
     */
    void admit(HttpServletRequest request, HttpServletResponse response) {
        if (quotas.requests() == 0 && quotas.pixels() == 0) {
            return;
        }
        Allowances client = of(request);
        try {
            client.pixels().ifPresent(Allowance::requireSome);
            client.requests().ifPresent(requests -> requests.take(1));
        } catch (AccessException.QuotaExceeded problem) {
            listener.refused(AccessListener.Reason.QUOTA);
            throw problem;
        } finally {
            client.tell(response);
        }
    }

    /**
     * Takes what a request costs, once it is known and before it is worked on.
     *
     * @param pixels of all frames that came and are asked for
     * @throws AccessException.QuotaExceeded if the client does not have so many left
     * @throws AccessException.BeyondQuota if no client ever has
     */
    public void charge(HttpServletRequest request, HttpServletResponse response, long pixels) {
        if (quotas.pixels() == 0) {
            return;
        }
        Allowances client = of(request);
        try {
            client.pixels().ifPresent(allowance -> allowance.take(pixels));
        } catch (AccessException.QuotaExceeded problem) {
            listener.refused(AccessListener.Reason.QUOTA);
            throw problem;
        } finally {
            client.tell(response);
        }
    }

    private Allowances of(HttpServletRequest request) {
        return clients.get(ClientName.of(request), _ -> full());
    }

    private Allowances full() {
        return new Allowances(
                allowance("requests", quotas.requests()), allowance("pixels", quotas.pixels()));
    }

    private Optional<Allowance> allowance(String kind, long size) {
        return size == 0
                ? Optional.empty()
                : Optional.of(new Allowance(kind, size, quotas.period(), time));
    }

    /** What one client has left. */
    private record Allowances(Optional<Allowance> requests, Optional<Allowance> pixels) {

        void tell(HttpServletResponse response) {
            List<Allowance> all = new ArrayList<>();
            requests.ifPresent(all::add);
            pixels.ifPresent(all::add);
            response.setHeader(
                    POLICY, all.stream().map(Allowance::policy).collect(Collectors.joining(", ")));
            response.setHeader(
                    STATE, all.stream().map(Allowance::state).collect(Collectors.joining(", ")));
        }
    }
}
