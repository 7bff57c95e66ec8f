package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nowcast.forecast.Admission;
import io.nowcast.forecast.Caller;
import io.nowcast.forecast.ForecastException;
import io.nowcast.forecast.ForecastService;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** A service whose only decoder is busy with a body for as long as the test wants. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"nowcast.devices=cpu", "nowcast.limits.decoders=1"})
@Timeout(60)
class DecodingSlotsTest {

    @Autowired private DecodingSlots decoders;
    @Autowired private ForecastService forecasts;

    @Test
    void whoWaitsForItsTurnIsLateOrGoneAllTheSame() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Thread other = Thread.ofVirtual().start(() -> occupy(begun, ended));
        begun.await();
        try (Admission late = admit(false);
                Admission gone = admit(true)) {
            late.within(Duration.ofMillis(1));
            assertThatThrownBy(() -> decoders.decode(late, () -> "its turn"))
                    .isInstanceOf(ForecastException.TooLate.class);
            assertThatThrownBy(() -> decoders.decode(gone, () -> "its turn"))
                    .isInstanceOf(ForecastException.ClientGone.class);
        } finally {
            ended.countDown();
            other.join();
        }
    }

    private Admission admit(boolean gone) {
        return forecasts.admit(
                Optional.empty(), new Caller("client", 3, () -> gone), Optional.empty(), 100);
    }

    private void occupy(CountDownLatch begun, CountDownLatch ended) {
        try (Admission admission = admit(false)) {
            decoders.decode(
                    admission,
                    () -> {
                        begun.countDown();
                        try {
                            ended.await();
                        } catch (InterruptedException _) {
                            Thread.currentThread().interrupt();
                        }
                        return "done";
                    });
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
