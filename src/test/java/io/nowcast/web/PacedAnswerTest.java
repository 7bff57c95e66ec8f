package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** The least rate of downloads, with a client that is as slow as the test's own clock. */
class PacedAnswerTest {

    private static final int RATE = 1000;

    private long nanoTime;
    private long taken;
    private double secondsAByte = 1.0 / RATE;

    private final OutputStream client =
            new OutputStream() {
                @Override
                public void write(int oneByte) {
                    taken++;
                    nanoTime += (long) (secondsAByte * 1e9);
                }
            };

    private final PacedAnswer answer =
            new PacedAnswer(
                    client,
                    new Pace(DataSize.ofBytes(RATE), Duration.ofSeconds(10), () -> nanoTime));

    @Test
    void theLeastRateIsFastEnoughForEver() throws IOException {
        answer.write(new byte[100 * RATE]);
        answer.write(7);

        assertThat(taken).isEqualTo(100 * RATE + 1);
    }

    /** A large answer is given up after a piece of it, not once all of it was taken. */
    @Test
    void halfOfTheLeastRateIsTooSlow() {
        secondsAByte = 2.0 / RATE;

        assertThatThrownBy(() -> answer.write(new byte[100 * RATE]))
                .isInstanceOf(PacedAnswer.SlowClientException.class)
                .hasMessageContaining("8192 bytes of the answer were taken in 16.4 s")
                .hasMessageContaining("nowcast.limits.download-rate")
                .hasMessageContaining("nowcast.limits.download-grace");
        assertThat(taken).isEqualTo(PacedAnswer.PIECE);
    }

    @Test
    void aSlowBeginningIsWithinTheGrace() throws IOException {
        secondsAByte = 2.0 / RATE;
        answer.write(new byte[4 * RATE]);
        secondsAByte = 0;
        answer.write(new byte[8 * RATE]);

        assertThat(taken).isEqualTo(12 * RATE);
    }

    /** The service's own time between two pieces is not the client's. */
    @Test
    void onlyWaitingCounts() throws IOException {
        for (int piece = 0; piece < 100; piece++) {
            answer.write(new byte[10]);
            nanoTime += Duration.ofMinutes(1).toNanos();
        }
        assertThat(taken).isEqualTo(1000);
    }
}
