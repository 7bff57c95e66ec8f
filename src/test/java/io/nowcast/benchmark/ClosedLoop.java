package io.nowcast.benchmark;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A number of clients, each of which asks again as soon as it has its answer. A refused client
 * pauses for as long as {@code Retry-After} says before it asks for the same again. Every exchange
 * goes to an observer, which must be thread-safe and is called by the client's own thread.
 */
final class ClosedLoop {

    private static final int MOST_TRIES = 20;
    private static final long LONGEST_PAUSE_SECONDS = 30;

    private final RequestSender sender;
    private final Consumer<Exchange> observer;

    ClosedLoop(RequestSender sender, Consumer<Exchange> observer) {
        this.sender = sender;
        this.observer = observer;
    }

    /**
     * Runs all clients to the end.
     *
     * @param requests what each client asks for, by its number
     * @param most how many requests all clients send together
     * @return how long it took
     */
    Duration run(
            int clients,
            Duration longest,
            long most,
            IntFunction<? extends Supplier<PlannedRequest>> requests)
            throws InterruptedException {
        long start = System.nanoTime();
        long end = start + longest.toNanos();
        AtomicLong left = new AtomicLong(most);
        List<Thread> threads =
                IntStream.range(0, clients)
                        .mapToObj(client ->
                                Thread.ofPlatform()
                                        .name("client-" + client)
                                        .start(() -> ask(requests.apply(client), left, end)))
                        .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void ask(Supplier<PlannedRequest> requests, AtomicLong left, long end) {
        try {
            while (System.nanoTime() < end && left.getAndDecrement() > 0) {
                ask(requests.get(), end);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(PlannedRequest request, long end) throws InterruptedException {
        for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
            Exchange exchange = exchange(request);
            observer.accept(exchange);
            if (exchange.outcome() != Outcome.REFUSED || System.nanoTime() > end) {
                return;
            }
            long pause = exchange.reply().orElseThrow().retryAfterSeconds().orElse(1);
            TimeUnit.SECONDS.sleep(Math.min(pause, LONGEST_PAUSE_SECONDS));
        }
    }

    private Exchange exchange(PlannedRequest request) {
        long sent = System.nanoTime();
        @Nullable Reply reply = null;
        @Nullable Throwable failure = null;
        try {
            reply = sender.send(request).join();
        } catch (CompletionException problem) {
            failure = problem.getCause();
        }
        return Exchange.of(request, sent, sent, System.nanoTime(), reply, failure);
    }
}
