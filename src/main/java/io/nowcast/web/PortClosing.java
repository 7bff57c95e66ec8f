package io.nowcast.web;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.connector.Connector;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/*
 * `running` is written by the lifecycle alone.
 */

/**
 * Closes the port a moment before the web server is told to stop. Tomcat's graceful shutdown pauses
 * the protocol and closes the port in one go, and a paused protocol drops connections that were
 * accepted and whose request it has not begun to read. Here the port goes first, so that what was
 * accepted has time to become a request at work.
 */
@Component
final class PortClosing
        implements SmartLifecycle, WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

    private final List<Connector> connectors = new CopyOnWriteArrayList<>();
    private final Duration settling;
    private volatile boolean running;

    PortClosing(ShutdownProperties properties) {
        this.settling = properties.settling();
    }

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
        factory.addConnectorCustomizers(connectors::add);
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop(Runnable done) {
        stop();
        CompletableFuture.delayedExecutor(settling.toNanos(), TimeUnit.NANOSECONDS).execute(done);
    }

    @Override
    public void stop() {
        running = false;
        connectors.forEach(connector -> connector.getProtocolHandler().closeServerSocketGraceful());
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
