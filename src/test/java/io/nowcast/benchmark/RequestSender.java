package io.nowcast.benchmark;

import java.util.concurrent.CompletableFuture;

/** The way from the loops of a load to the service. Thread-safe. */
@FunctionalInterface
interface RequestSender {

    /** Sends without waiting; the future fails where no answer came. */
    CompletableFuture<Reply> send(PlannedRequest request);
}
