package io.nowcast.benchmark;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request and what came of it; times are those of {@link LoadClock#nanos()}. */
final class Exchange {

    private final PlannedRequest request;
    private final long intended;
    private final long sent;
    private final long finished;
    private final Outcome outcome;
    private final @Nullable Reply reply;
    private final String problem;

    private Exchange(
            PlannedRequest request,
            long intended,
            long sent,
            long finished,
            Outcome outcome,
            @Nullable Reply reply,
            String problem) {
        this.request = request;
        this.intended = intended;
        this.sent = sent;
        this.finished = finished;
        this.outcome = outcome;
        this.reply = reply;
        this.problem = problem;
    }

    /** With a reply or, where none came, with what went wrong. */
    static Exchange of(
            PlannedRequest request,
            long intended,
            long sent,
            long finished,
            @Nullable Reply reply,
            @Nullable Throwable failure) {
        return new Exchange(
                request,
                intended,
                sent,
                finished,
                reply == null ? Outcome.BROKEN : Outcome.of(reply.status()),
                reply,
                failure == null ? "" : String.valueOf(failure));
    }

    static Exchange notSent(PlannedRequest request, long intended, long now) {
        return new Exchange(
                request,
                intended,
                now,
                now,
                Outcome.NOT_SENT,
                null,
                "too many requests are unanswered");
    }

    PlannedRequest request() {
        return request;
    }

    /** When the schedule wanted it sent. */
    long intended() {
        return intended;
    }

    long sent() {
        return sent;
    }

    long finished() {
        return finished;
    }

    Outcome outcome() {
        return outcome;
    }

    Optional<Reply> reply() {
        return Optional.ofNullable(reply);
    }

    /** Why there is no reply. */
    String problem() {
        return problem;
    }

    /**
     * What a client waited that wanted its answer at the intended time: a generator that is held up
     * by the service does not hide the wait (no coordinated omission).
     */
    double millisecondsFromIntended() {
        return (finished - intended) / 1e6;
    }

    double millisecondsFromSent() {
        return (finished - sent) / 1e6;
    }
}
