package io.nowcast.web;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.ProtocolHandler;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.SmartLifecycle;

/*
 * `running` is written by the lifecycle alone. While the context stops, one task at a time looks at the connections.
 */

/**
 * Closes the port and answers what was accepted, before the web server is told to stop. Tomcat's
 * graceful shutdown does less: it waits for requests at work, and drops connections whose request
 * it has not begun to read or has read in part, also when others keep it waiting for long. Here the
 * port goes first; then connections are served, each answer being its connection's last, until all
 * that are left have been silent for {@code nowcast.shutdown.settling}. How long that may take
 * altogether is {@code spring.lifecycle.timeout-per-shutdown-phase}.
 */
final class PortClosing
        implements SmartLifecycle, WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final List<ProtocolHandler> protocols = new CopyOnWriteArrayList<>();
    private final Duration settling;
    private volatile boolean running;

    PortClosing(ShutdownProperties properties) {
        this.settling = properties.settling();
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.setProtocol(DrainingProtocol.class.getName());
        factory.addConnectorCustomizers(connector -> protocols.add(connector.getProtocolHandler()));
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop(Runnable done) {
        stop();
        awaitQuiet(done);
    }

    private void awaitQuiet(Runnable done) {
        if (protocols.stream().allMatch(this::isQuiet)) {
            done.run();
        } else {
            CompletableFuture.delayedExecutor(BETWEEN_LOOKS.toNanos(), TimeUnit.NANOSECONDS)
                    .execute(() -> awaitQuiet(done));
        }
    }

    private boolean isQuiet(ProtocolHandler protocol) {
        return !(protocol instanceof DrainingProtocol draining) || draining.isQuiet(settling);
    }

    @Override
    public void stop() {
        running = false;
        protocols.forEach(ProtocolHandler::closeServerSocketGraceful);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** A pause of the context leaves the web server running, and so its port open. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    /** After the notice, and before the web server. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 512;
    }
}
