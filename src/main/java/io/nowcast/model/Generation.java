package io.nowcast.model;

import java.time.Instant;

/**
 * One loading of a model in this process.
 *
 * @param number 1 for the first under the model's name, then one more each time
 * @param loadedAt when it was ready
 */
public record Generation(int number, Instant loadedAt) {}
