package io.nowcast.batching;

import java.time.Duration;

/**
 * Who asks for predictions.
 *
 * @param client whose share of the service it is; clients of one name share one
 * @param urgency 0 is served first, as in RFC 9218
 * @param timeout after which the answer is worthless
 */
public record Requester(String client, int urgency, Duration timeout) {}
