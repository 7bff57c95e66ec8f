package io.nowcast.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nowcast.codec.FrameFormat;
import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.RainUnit;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Altered answers must be noticed, else a load that passes shows nothing. */
class AnswerCheckTest {

    private static final double TOLERANCE = 1e-6;
    private static final int RAINY = 17;

    private final FrameSequence answer = frames(RAINY, 30);
    private final PlannedRequest request =
            new PlannedRequest("any", FrameFormat.NPY, RainUnit.DBZ, 2, new byte[0]);
    private final AnswerCheck check = new AnswerCheck(TOLERANCE);

    AnswerCheckTest() {
        check.expect(request, FrameBodies.npy(answer));
    }

    @Test
    void sameAnswerIsFound() {
        give(FrameBodies.npy(answer));

        assertThat(check.mismatches()).isZero();
        assertThat(check.identical()).isEqualTo(1);
    }

    @Test
    void differenceWithinTheToleranceIsTold() {
        float next = Math.nextUp(30f);
        give(FrameBodies.npy(frames(RAINY, next)));

        assertThat(check.mismatches()).isZero();
        assertThat(check.identical()).isZero();
        // The last digit of 30 in float32 is 2^-19, as a share of the range of 60 dBZ; shares are
        // doubles near 0.5, of which two are subtracted.
        assertThat(check.largest()).isCloseTo(Math.scalb(1.0, -19) / 60, within(1e-15));
    }

    @Test
    void onePixelAboveTheToleranceIsAMismatch() {
        give(FrameBodies.npy(frames(RAINY, 30.001f)));

        assertThat(check.mismatches()).isEqualTo(1);
    }

    @Test
    void missingPixelIsAMismatch() {
        give(FrameBodies.npy(frames(RAINY, Float.NaN)));

        assertThat(check.mismatches()).isEqualTo(1);
    }

    @Test
    void otherShapeIsAMismatch() {
        give(
                FrameBodies.npy(
                        new FrameSequence(
                                1,
                                new GridShape(8, 8),
                                RainUnit.DBZ,
                                Arrays.copyOf(answer.values(), 64))));

        assertThat(check.mismatches()).isEqualTo(1);
    }

    @Test
    void truncatedAnswerIsAMismatch() {
        byte[] whole = FrameBodies.npy(answer);
        give(Arrays.copyOf(whole, whole.length - 1));

        assertThat(check.mismatches()).isEqualTo(1);
    }

    @Test
    void answerOfAnotherRequestIsAMismatch() {
        check.accept(exchange(request.toModel("other"), 200, FrameBodies.npy(answer)));

        assertThat(check.mismatches()).isEqualTo(1);
    }

    @Test
    void refusalIsNoAnswer() {
        check.accept(exchange(request, 503, new byte[0]));

        assertThat(check.compared()).isZero();
    }

    private void give(byte[] body) {
        check.accept(exchange(request, 200, body));
    }

    private static Exchange exchange(PlannedRequest request, int status, byte[] body) {
        return Exchange.of(request, 0, 0, 1, new Reply(status, OptionalLong.empty(), body), null);
    }

    private static FrameSequence frames(int pixel, float value) {
        float[] values = new float[2 * 64];
        Arrays.fill(values, 12.5f);
        values[pixel] = value;
        return new FrameSequence(2, new GridShape(8, 8), RainUnit.DBZ, values);
    }
}
