package io.nowcast.forecast;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.LeadTimes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A forecast.
 *
 * @param sequences one forecast {@code [S, H, W]} for each observed sequence, in the unit asked for
 * @param leadTimes when the frames are valid
 * @param device the device that computed it, the last one's where several did
 * @param queued longest wait for a device
 * @param inference longest model call of a sequence; of a sequence in tiles the sum of theirs
 * @param tiles such as {@code 2x3; overlap=64}, where the grid was forecast in tiles
 */
public record Forecast(
        ModelDescription model,
        List<FrameSequence> sequences,
        LeadTimes leadTimes,
        String device,
        Duration queued,
        Duration inference,
        Optional<String> tiles) {}
