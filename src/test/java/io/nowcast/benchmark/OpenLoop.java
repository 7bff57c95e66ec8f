package io.nowcast.benchmark;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Sends requests when a schedule wants them, whatever came of the earlier ones. Every exchange goes
 * to an observer, which must be thread-safe.
 *
 * <p>The schedule is followed by one thread. Sending does not wait for answers; where it is held up
 * all the same, the requests that are overdue follow at once and keep their intended time. The
 * number of unanswered requests is bounded by permits: one is taken before a request is sent and
 * given back after the observer has seen the exchange.
 */
final class OpenLoop {

    private final LoadClock clock;
    private final RequestSender sender;
    private final int mostUnanswered;
    private final Semaphore permits;

    OpenLoop(LoadClock clock, RequestSender sender, int mostUnanswered) {
        this.clock = clock;
        this.sender = sender;
        this.mostUnanswered = mostUnanswered;
        this.permits = new Semaphore(mostUnanswered);
    }

    /**
     * Follows the schedule for a time and returns then, even if answers are still to come.
     *
     * @return when it began
     */
    long run(
            Arrivals arrivals,
            Duration length,
            Supplier<PlannedRequest> requests,
            Consumer<Exchange> observer)
            throws InterruptedException {
        long start = clock.nanos();
        for (long due = arrivals.next(); due < length.toNanos(); due = arrivals.next()) {
            clock.await(start + due);
            send(requests.get(), start + due, observer);
        }
        clock.await(start + length.toNanos());
        return start;
    }

    private void send(PlannedRequest request, long intended, Consumer<Exchange> observer) {
        long sent = clock.nanos();
        if (!permits.tryAcquire()) {
            observer.accept(Exchange.notSent(request, intended, sent));
            return;
        }
        var _ =
                sender.send(request)
                        .whenComplete((reply, failure) -> {
                            observer.accept(
                                    Exchange.of(
                                            request,
                                            intended,
                                            sent,
                                            clock.nanos(),
                                            reply,
                                            failure));
                            permits.release();
                        });
    }

    /** Waits until every request that was sent has come to an end, which its own timeout bounds. */
    void awaitAnswers() throws InterruptedException {
        permits.acquire(mostUnanswered);
        permits.release(mostUnanswered);
    }
}
