package io.nowcast.batching;

import io.nowcast.frames.ModelFrames;
import java.time.Duration;

/**
 * The answer of a device.
 *
 * @param forecast {@code [S, 1, H, W]} in model numbers; at least as many steps as were asked for
 * @param device the device that computed it
 * @param queued time between acceptance and the start of the model call
 * @param inference time of the model call, which others may have shared
 */
public record Prediction(
        ModelFrames forecast, String device, Duration queued, Duration inference) {}
