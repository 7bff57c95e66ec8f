package io.nowcast.products;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.LeadTimes;

/**
 * Frames and when they are valid.
 *
 * @param frames as many as there are lead times
 */
public record ForecastField(FrameSequence frames, LeadTimes leadTimes) {}
