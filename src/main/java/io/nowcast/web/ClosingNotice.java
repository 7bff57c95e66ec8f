package io.nowcast.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/*
 * `running` and `closing` are written by the lifecycle alone and read by request threads.
 */

/**
 * Tells clients that their connection ends, before it does. Tomcat's graceful shutdown answers the
 * requests at work and closes their connections unannounced; a client that sends its next request
 * on one of them at that moment finds it broken and cannot know whether it was looked at. So every
 * answer from the beginning of a shutdown on says {@code Connection: close}, and for a while
 * nothing else happens.
 */
final class ClosingNotice extends OncePerRequestFilter implements SmartLifecycle {

    private final Duration notice;
    private volatile boolean running;
    private volatile boolean closing;

    ClosingNotice(ShutdownProperties properties) {
        this.notice = properties.notice();
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, new Announcing(response));
    }

    @Override
    public void start() {
        closing = false;
        running = true;
    }

    @Override
    public void stop(Runnable done) {
        closing = true;
        running = false;
        CompletableFuture.delayedExecutor(notice.toNanos(), TimeUnit.NANOSECONDS).execute(done);
    }

    @Override
    public void stop() {
        closing = true;
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stopped before everything else, the web server among it. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }

    /** Decides when the first byte is written: the work may have taken longer than the notice. */
    private final class Announcing extends HttpServletResponseWrapper {

        Announcing(HttpServletResponse response) {
            super(response);
        }

        private void announce() {
            if (closing && !isCommitted()) {
                setHeader(HttpHeaders.CONNECTION, "close");
            }
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            announce();
            return super.getOutputStream();
        }

        @Override
        public PrintWriter getWriter() throws IOException {
            announce();
            return super.getWriter();
        }
    }
}
