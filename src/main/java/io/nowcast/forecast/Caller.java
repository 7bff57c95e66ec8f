package io.nowcast.forecast;

import java.util.function.BooleanSupplier;

/**
 * Who asks for a forecast.
 *
 * @param client whose share of the service it is
 * @param urgency 0 to 7, 0 first, 3 where nothing is said (RFC 9218, section 4.1)
 * @param gone whether the client has hung up
 */
public record Caller(String client, int urgency, BooleanSupplier gone) {}
