package io.nowcast.web;

import java.util.concurrent.Semaphore;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Bounds the forecast requests at work, and with them the memory of bodies and answers. */
@Component
final class RequestSlots {

    private final Semaphore free;
    private final int limit;

    RequestSlots(LimitProperties limits) {
        this.limit = limits.requests();
        this.free = new Semaphore(limit);
    }

    /**
     * Takes a slot, to be closed when the request ends.
     *
     * @throws BodyException 503 if there is none
     */
    Slot take() {
        if (!free.tryAcquire()) {
            throw new BodyException(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    limit
                            + " forecast requests are at work, which is the limit (nowcast.limits.requests)");
        }
        return free::release;
    }

    /** Given back once. */
    interface Slot extends AutoCloseable {
        @Override
        void close();
    }
}
