package io.nowcast.batching;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The order in which predictions are served: start-time fair queueing (Goyal, Vin and Cheng, 1996,
 * ACM SIGCOMM) over clients. Each client's predictions follow each other in a time of their own,
 * spaced by what they are expected to take, and the earliest start over all clients is served next;
 * so clients that wait get equal shares of the model's time, whatever they send. A lower urgency is
 * a later start by a fixed time: everything ages at the same pace and nothing waits for ever.
 *
 * <p>Not thread-safe: guarded by the queue's lock.
 */
final class FairOrder {

    private final double secondsALevel;
    private final Map<String, Double> nextStart = new HashMap<>();

    /**
     * Starts with no client known.
     *
     * @param secondsALevel by how much each lower urgency starts later
     */
    FairOrder(double secondsALevel) {
        this.secondsALevel = secondsALevel;
    }

    /**
     * Ranks a prediction that arrives.
     *
     * @param seconds what it is expected to take
     * @param earliest the earliest start among those that wait, which is where a client begins that
     *     has none waiting; empty where nothing waits, and then nobody had more than its share
     */
    Rank arrive(Requester requester, double seconds, OptionalDouble earliest) {
        double present = earliest.orElse(0);
        if (earliest.isEmpty()) {
            nextStart.clear();
        } else {
            nextStart.values().removeIf(start -> start <= present);
        }
        double start = nextStart.getOrDefault(requester.client(), present);
        nextStart.put(requester.client(), start + seconds);
        return new Rank(start, start + requester.urgency() * secondsALevel);
    }

    /**
     * A place in the order.
     *
     * @param start in the client's own succession
     * @param key what predictions are ordered by: the start, later for lower urgencies
     */
    record Rank(double start, double key) {}
}
