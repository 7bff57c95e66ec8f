package io.nowcast.products;

import java.util.List;
import java.util.Optional;

/**
 * The mean over a region, a number a lead time.
 *
 * @param region its name
 * @param pixels how many pixels it has
 * @param means over the pixels that are not missing; empty where all are
 */
public record RegionSeries(String region, int pixels, List<Optional<Double>> means) {}
