package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.codec.CodecLimits;
import io.nowcast.codec.ForecastDocument;
import io.nowcast.codec.FrameCodec;
import io.nowcast.codec.FrameFormat;
import io.nowcast.frames.FrameSequence;
import io.nowcast.frames.GridShape;
import io.nowcast.frames.LeadTimes;
import io.nowcast.frames.PixelEncoding;
import io.nowcast.frames.RainUnit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an answer takes on the heap while it is written. */
class AnswerBytesTest {

    private static final GridShape GRID = new GridShape(500, 500);

    /** The numbers with the most characters that there are, one frame of them. */
    private static ForecastDocument longest() {
        float[] values = new float[(int) GRID.pixels()];
        Arrays.fill(values, -Float.MIN_NORMAL);
        return new ForecastDocument(
                List.of(new FrameSequence(1, GRID, RainUnit.MODEL, values)),
                false,
                new LeadTimes(Duration.ofMinutes(5), 1, Optional.empty()),
                PixelEncoding.identity(RainUnit.MODEL),
                16,
                Map.of());
    }

    @Test
    void numbersAsTextTakeNoMoreThanIsCounted() throws IOException {
        AnswerBytes answer = new AnswerBytes();

        new FrameCodec(new CodecLimits(1 << 20, 1, 1, 1 << 20, 1))
                .encode(longest(), FrameFormat.JSON, true, answer);

        long counted = Float.BYTES * GRID.pixels() + AnswerBytes.textBeyondFloats(GRID.pixels());
        // Beside the numbers a line for each row of the grid, the metadata and the last block.
        assertThat(answer.size()).isGreaterThan(3 * Float.BYTES * GRID.pixels());
        assertThat(answer.capacity()).isLessThan(counted + AnswerBytes.LARGEST_BLOCK + 4096);
    }

    @Test
    void holdsWhatWasWritten() throws IOException {
        AnswerBytes answer = new AnswerBytes();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        byte[] piece = new byte[70_001];
        for (int index = 0; index < 50; index++) {
            Arrays.fill(piece, (byte) index);
            answer.write(piece, index, piece.length - index);
            answer.write(index);
            expected.write(piece, index, piece.length - index);
            expected.write(index);
        }
        ByteArrayOutputStream written = new ByteArrayOutputStream();

        answer.writeTo(written);

        assertThat(written.toByteArray()).isEqualTo(expected.toByteArray());
        assertThat(answer.size()).isEqualTo(expected.size());
    }
}
