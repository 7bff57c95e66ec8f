package io.nowcast.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.RainUnit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ResamplingTest {

    private static final Duration INTERVAL = Duration.ofMinutes(5);
    private static final Instant NOON = Instant.parse("2024-05-01T12:00:00Z");

    /** Frames of two pixels at these minutes before noon. */
    private static ForecastRequest request(float[] values, long... minutesBefore) {
        FrameSequence frames =
                new FrameSequence(
                        values.length / 2,
                        new GridShape(1, 2),
                        RainUnit.MILLIMETRES_PER_HOUR,
                        values);
        List<Instant> times =
                LongStream.of(minutesBefore)
                        .mapToObj(minutes -> NOON.minus(Duration.ofMinutes(minutes)))
                        .toList();
        return new ForecastRequest(
                List.of(frames),
                Optional.empty(),
                RainUnit.MILLIMETRES_PER_HOUR,
                times,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true);
    }

    @Test
    void interpolatesBetweenTheFramesAround() {
        float nan = Float.NaN;
        ForecastRequest resampled =
                Resampling.resample(
                        request(new float[] {1, 8, 2, nan, 6, 4}, 14, 10, 0), INTERVAL, 3);

        assertThat(resampled.sequences().getFirst().values()).containsExactly(2, nan, 4, nan, 6, 4);
        assertThat(resampled.frameTimes())
                .containsExactly(NOON.minusSeconds(600), NOON.minusSeconds(300), NOON);
        assertThat(resampled.resample()).isFalse();
    }

    private static ForecastRequest sums(float[] values, long... minutesBefore) {
        ForecastRequest rates = request(values, minutesBefore);
        FrameSequence frames = rates.sequences().getFirst();
        return rates.observing(
                List.of(
                        new FrameSequence(
                                frames.length(),
                                frames.grid(),
                                RainUnit.MILLIMETRES,
                                frames.values())),
                rates.frameTimes());
    }

    /** A sum over ten minutes is no sum over five, wherever between two sums it is taken. */
    @Test
    void refusesSumsOverAnotherInterval() {
        float[] three = {1, 1, 2, 2, 3, 3};

        assertThatThrownBy(() -> Resampling.resample(sums(three, 20, 10, 0), INTERVAL, 3))
                .isInstanceOf(ForecastException.Unusable.class)
                .hasMessageContaining("sums in mm over PT10M")
                .hasMessageContaining("interval is PT5M");
    }

    /** Sums over five minutes of which one is missing. */
    @Test
    void interpolatesSumsOverTheModelsInterval() {
        float[] values = {1, 1, 2, 4, 4, 8};

        assertThat(
                        Resampling.resample(sums(values, 15, 10, 0), INTERVAL, 3)
                                .sequences()
                                .getFirst()
                                .values())
                .containsExactly(2, 4, 3, 6, 4, 8);
    }

    @Test
    void refusesGapsFramesThatBeginTooLateAndUnknownTimes() {
        float[] three = {1, 1, 2, 2, 3, 3};
        assertThatThrownBy(() -> Resampling.resample(request(three, 20, 11, 0), INTERVAL, 3))
                .isInstanceOf(ForecastException.Unusable.class)
                .hasMessageContaining("frame 2 (2024-05-01T12:00:00Z) comes PT11M after");
        assertThatThrownBy(() -> Resampling.resample(request(three, 9, 5, 0), INTERVAL, 3))
                .isInstanceOf(ForecastException.Unusable.class)
                .hasMessageContaining("from 2024-05-01T11:50:00Z on");
        assertThatThrownBy(() -> Resampling.resample(request(three), INTERVAL, 3))
                .isInstanceOf(ForecastException.Unusable.class)
                .hasMessageContaining("needs the times");
    }
}
