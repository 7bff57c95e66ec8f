package io.nowcast.forecast;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.LeadTimes;
import java.time.Duration;
import java.util.List;

/**
 * A forecast.
 *
 * @param sequences one forecast {@code [S, H, W]} for each observed sequence, in the unit asked for
 * @param leadTimes when the frames are valid
 * @param device the device that computed it, the last one's where several did
 * @param queued longest wait for a device
 * @param inference longest model call
 */
public record Forecast(
        ModelDescription model,
        List<FrameSequence> sequences,
        LeadTimes leadTimes,
        String device,
        Duration queued,
        Duration inference) {}
