package io.nowcast.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    private static final int MANY = 100_000;

    @Test
    void constantGapsDoNotDrift() {
        Arrivals arrivals = Arrivals.constant(3);
        long last = -1;
        for (int request = 0; request <= 3000; request++) {
            last = arrivals.next();
        }

        assertThat(last).isCloseTo(TimeUnit.SECONDS.toNanos(1000), within(1000L));
    }

    @Test
    void gapsOfIndependentClientsAreExponential() {
        Arrivals arrivals = Arrivals.poisson(50, 1);
        double mean = TimeUnit.MILLISECONDS.toNanos(20);
        long before = 0;
        int longer = 0;
        for (int request = 0; request < MANY; request++) {
            long due = arrivals.next();
            if (due - before > mean) {
                longer++;
            }
            before = due;
        }

        // Of MANY gaps the mean's standard error is 0.3 %, that of the share is 0.0015.
        assertThat(before / (double) MANY).isCloseTo(mean, within(mean * 0.015));
        assertThat(longer / (double) MANY).isCloseTo(Math.exp(-1), within(0.0075));
    }

    @Test
    void sameSeedIsTheSameSchedule() {
        Arrivals one = Arrivals.poisson(10, 7);
        Arrivals other = Arrivals.poisson(10, 7);

        for (int request = 0; request < 100; request++) {
            assertThat(one.next()).isEqualTo(other.next());
        }
    }

    @Test
    void rateOfNothingIsRefused() {
        assertThatThrownBy(() -> Arrivals.constant(0)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> Arrivals.of("poison", 1)).hasMessageContaining("poison");
    }

    @Test
    void steadyServerMakesEqualGapsWaitEqually() {
        Duration minute = Duration.ofMinutes(1);

        assertThat(SteadyServer.ratio(Arrivals.constant(70), minute, 0.01))
                .isCloseTo(1, within(1e-6));
        assertThat(SteadyServer.ratio(Arrivals.poisson(70, 1), minute, 0.01)).isGreaterThan(2);
    }
}
