package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What clients are told at the end. */
class ClosingNoticeTest {

    private final ClosingNotice notice =
            new ClosingNotice(new ShutdownProperties(Duration.ofMillis(50), Duration.ZERO));

    private MockHttpServletResponse answer(Runnable work) throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        notice.doFilter(
                new MockHttpServletRequest(),
                response,
                (_, wrapped) -> {
                    work.run();
                    wrapped.getOutputStream().write(1);
                });
        return response;
    }

    @Test
    void answersOfAServiceThatGoesOnSayNothing() throws Exception {
        notice.start();

        assertThat(answer(() -> {}).getHeader("Connection")).isNull();
    }

    /** Also the answer to a request that came before the shutdown. */
    @Test
    void answersFromTheShutdownOnSayClose() throws Exception {
        notice.start();
        CountDownLatch done = new CountDownLatch(1);

        MockHttpServletResponse response = answer(() -> notice.stop(done::countDown));

        assertThat(response.getHeader("Connection")).isEqualTo("close");
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(notice.isRunning()).isFalse();
    }
}
