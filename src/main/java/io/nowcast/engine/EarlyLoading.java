package io.nowcast.engine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.context.ApplicationListener;

/**
 * Loads the native library while the application context is made, since both take about as long and
 * neither needs the other. What goes wrong here is told by whoever needs the engine.
 *
 * <p>Registered in {@code META-INF/spring.factories}: it runs before there is a context.
 */
final class EarlyLoading implements ApplicationListener<ApplicationStartingEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(EarlyLoading.class);

    @Override
    public void onApplicationEvent(ApplicationStartingEvent event) {
        Thread.ofPlatform().daemon().name("engine-loading").start(EarlyLoading::load);
    }

    private static void load() {
        try {
            PyTorch.engine();
        } catch (RuntimeException | LinkageError failure) {
            LOG.debug("The engine could not be loaded early", failure);
        }
    }
}
