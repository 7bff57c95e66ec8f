package io.nowcast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpzDecodingTest {

    private static final Instant NOON = Instant.parse("2016-09-28T12:00:00Z");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frames.npz",
                "frames_compressed.npz",
                "frames_streamed.npz",
                "only_array.npz"
            })
    void readsFramesHoweverTheyAreArchived(String name) {
        DecodedFrames decoded = Fixtures.decode(Fixtures.file(name));

        assertThat(decoded.format()).isEqualTo(FrameFormat.NPZ);
        assertThat(decoded.sequences()).hasSize(1);
        assertThat(decoded.sequences().getFirst().value(1, 2, 3)).isEqualTo(8.5f);
        assertThat(decoded.sequences().getFirst().value(0, 1, 1)).isNaN();
    }

    @Test
    void readsWholeAndFractionalTimes() {
        assertThat(Fixtures.decode(Fixtures.file("frames.npz")).times().orElseThrow())
                .containsExactly(NOON, NOON.plusSeconds(300));
        assertThat(Fixtures.decode(Fixtures.file("frames_compressed.npz")).times().orElseThrow())
                .containsExactly(NOON.plusMillis(250), NOON.plusMillis(300_250));
        assertThat(Fixtures.decode(Fixtures.file("only_array.npz")).times()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "two_arrays.npz | body: expected an array 'frames' or a single array besides 'times', got [arr_0.npy, arr_1.npy]",
                "times_too_few.npz | times.npy: expected 2 times, one a frame, got 1",
                "times_backwards.npz | times.npy: times must increase, but time 1 (2016-09-28T12:00:00Z) follows 2016-09-28T12:05:00Z",
                "times_dates.npz | times.npy: element type '<M8[s]' holds dates",
            })
    void refusesUnclearContent(String name, String message) {
        assertThatThrownBy(() -> Fixtures.decode(Fixtures.file(name)))
                .isInstanceOf(UnusableFramesException.class)
                .hasMessageContaining(message);
    }
}
