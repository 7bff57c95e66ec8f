package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** The least rate of uploads, with a client that is as slow as the test's own clock. */
class PacedBodyTest {

    private static final ApplicationBufferHandler NOWHERE =
            new ApplicationBufferHandler() {
                @Override
                public void setByteBuffer(ByteBuffer buffer) {}

                @Override
                public ByteBuffer getByteBuffer() {
                    return ByteBuffer.allocate(0);
                }

                @Override
                public void expand(int size) {}
            };

    private long nanoTime;
    private int bytesOfRead = 1;
    private Duration timeOfRead = Duration.ofSeconds(1);

    private final InputBuffer client =
            new InputBuffer() {
                @Override
                public int doRead(ApplicationBufferHandler handler) throws IOException {
                    if (timeOfRead.isNegative()) {
                        throw new SocketTimeoutException("nothing came");
                    }
                    nanoTime += timeOfRead.toNanos();
                    return bytesOfRead;
                }

                @Override
                public int available() {
                    return 0;
                }
            };

    private final PacedBody body =
            new PacedBody(
                    client,
                    new Pace(DataSize.ofBytes(100), Duration.ofSeconds(10), () -> nanoTime));

    @Test
    void aByteASecondIsTooSlowAfterTheGrace() throws IOException {
        for (int second = 1; second <= 10; second++) {
            assertThat(body.doRead(NOWHERE)).isEqualTo(1);
        }
        assertThatThrownBy(() -> body.doRead(NOWHERE))
                .isInstanceOf(BodyException.class)
                .hasMessageContaining("11 bytes of the body came in 11.0 s")
                .hasMessageContaining("nowcast.limits.upload-rate")
                .hasMessageContaining("nowcast.limits.upload-grace");
    }

    @Test
    void theLeastRateIsFastEnoughForEver() throws IOException {
        bytesOfRead = 100;
        for (int second = 1; second <= 10_000; second++) {
            assertThat(body.doRead(NOWHERE)).isEqualTo(100);
        }
        bytesOfRead = -1;
        assertThat(body.doRead(NOWHERE)).isEqualTo(-1);
        assertThat(body.ended()).isTrue();
    }

    /** What was gained by a quick beginning can be spent, and no more. */
    @Test
    void theRateIsAnAverage() throws IOException {
        bytesOfRead = 2000;
        body.doRead(NOWHERE);
        bytesOfRead = 0;
        for (int second = 2; second <= 20; second++) {
            body.doRead(NOWHERE);
        }
        assertThatThrownBy(() -> body.doRead(NOWHERE)).isInstanceOf(BodyException.class);
    }

    /** The service's own time between two reads is not the client's. */
    @Test
    void onlyWaitingCounts() throws IOException {
        timeOfRead = Duration.ZERO;
        for (int read = 0; read < 100; read++) {
            body.doRead(NOWHERE);
            nanoTime += Duration.ofMinutes(1).toNanos();
        }
        assertThat(body.ended()).isFalse();
    }

    @Test
    void aClientThatSaysNoMoreIsTooSlow() {
        timeOfRead = Duration.ofSeconds(-1);
        assertThatThrownBy(() -> body.doRead(NOWHERE))
                .isInstanceOf(BodyException.class)
                .hasMessageContaining("connection-timeout");
    }
}
