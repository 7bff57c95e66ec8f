package io.nowcast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.model.NowcastModel;
import io.nowcast.network.FrameChunks;
import io.nowcast.testing.NetworkFixture;
import io.nowcast.testing.NumpyFile;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Known frames in several chunks, against what PyTorch computed. The cells of {@code nn.GRU} do not
 * see each other's pixels, so the small grid of the fixture is laid out many times side by side
 * until two frames are a chunk.
 */
class FrameChunksTest {

    private static final int COPIES = 100;

    private final NetworkFixture fixture = NetworkFixture.named("gru-2layer");
    private final NumpyFile input = tiled(fixture.array("input"));
    private final NumpyFile expected = tiled(fixture.array("expected"));

    /** All frames but the last are observed in chunks: 0 and 1, then 2. */
    @Test
    void observesFramesInChunks() {
        assertThat(FrameChunks.PIXELS / (input.size(3) * input.size(4))).isEqualTo(2);
        assertThat(input.size(1)).isEqualTo(4);

        assertGives("closed-loop", input, expected);
    }

    /**
     * A closed loop is a network that observes its own forecasts: given them as frames, it answers
     * frame by frame with the same ones.
     */
    @Test
    void answersFrameByFrameInChunks() {
        NumpyFile observed = joined(input, expected, expected.size(1) - 1);

        assertGives("per-frame", observed, expected);
    }

    /** Compares the last frames of an answer. */
    private void assertGives(String forecast, NumpyFile frames, NumpyFile last) {
        Map<String, String> choices = new HashMap<>(fixture.choices());
        choices.put("forecast", forecast);
        int steps = forecast.equals("per-frame") ? frames.size(1) : last.size(1);
        try (NowcastModel model =
                new DjlModelLoader().open(fixture.weights(), choices, TestedDevice.NAME)) {
            float[] all = NetworkFixturesTest.predict(model, frames, steps);
            float[] answer = new float[last.values().length];
            int sequence = all.length / frames.size(0);
            int kept = answer.length / last.size(0);
            for (int batch = 0; batch < frames.size(0); batch++) {
                System.arraycopy(all, (batch + 1) * sequence - kept, answer, batch * kept, kept);
            }

            // float32 against float64 through a few steps of recurrence.
            assertThat(NetworkFixturesTest.difference(answer, last.values()))
                    .isLessThan(
                            TestedDevice.tolerance(1e-5f)
                                    * Math.max(1, NetworkFixturesTest.largest(last.values())));
        }
    }

    /** {@code [B, T, C, H, W]} to {@code [B, T, C, COPIES H, COPIES W]}. */
    private static NumpyFile tiled(NumpyFile array) {
        int height = array.size(3);
        int width = array.size(4);
        int planes = array.values().length / (height * width);
        float[] values = new float[array.values().length * COPIES * COPIES];
        int target = 0;
        for (int plane = 0; plane < planes; plane++) {
            for (int row = 0; row < COPIES * height; row++) {
                int source = (plane * height + row % height) * width;
                for (int copy = 0; copy < COPIES; copy++) {
                    System.arraycopy(array.values(), source, values, target, width);
                    target += width;
                }
            }
        }
        return NumpyFile.of(
                values,
                array.size(0),
                array.size(1),
                array.size(2),
                COPIES * height,
                COPIES * width);
    }

    /** Frames and then the first {@code length} of others, along time. */
    private static NumpyFile joined(NumpyFile frames, NumpyFile others, int length) {
        int frame = frames.values().length / (frames.size(0) * frames.size(1));
        int times = frames.size(1) + length;
        float[] values = new float[frames.size(0) * times * frame];
        for (int batch = 0; batch < frames.size(0); batch++) {
            int target = batch * times * frame;
            int first = frames.size(1) * frame;
            System.arraycopy(frames.values(), batch * first, values, target, first);
            System.arraycopy(
                    others.values(),
                    batch * others.size(1) * frame,
                    values,
                    target + first,
                    length * frame);
        }
        return NumpyFile.of(
                values, frames.size(0), times, frames.size(2), frames.size(3), frames.size(4));
    }
}
