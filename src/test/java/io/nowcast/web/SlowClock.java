package io.nowcast.web;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** A service to whose clock every wait for a client takes a minute. */
@TestConfiguration
class SlowClock {

    @Bean
    @Primary
    NanoClock minutes() {
        AtomicLong time = new AtomicLong();
        return () -> time.addAndGet(Duration.ofMinutes(1).toNanos());
    }
}
