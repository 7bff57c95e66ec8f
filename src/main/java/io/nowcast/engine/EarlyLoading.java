package io.nowcast.engine;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.net.InetAddress;
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
        linkNativeMethods();
        Thread.ofPlatform().daemon().name("engine-loading").start(EarlyLoading::load);
    }

    /**
     * Calls the native methods of the JDK that the start needs next, found by {@code
     * -Xlog:jni+resolve}. The dynamic linker is locked while the library's hundreds of initialisers
     * run, and the first call of a native method waits for it: half a second in which the context
     * would stand still.
     */
    private static void linkNativeMethods() {
        var _ = EarlyLoading.class.getDeclaredMethods()[0].getParameters();
        var _ = Array.get(new int[Array.getLength(new int[1])], 0);
        var _ = new Throwable().getStackTrace();
        var _ = System.console();
        var _ = InetAddress.getLoopbackAddress();
        var _ = new File("").canRead();
        try {
            new FileOutputStream(FileDescriptor.out).write(new byte[0]);
        } catch (IOException _) {
            // Whoever has something to say there will tell.
        }
    }

    private static void load() {
        try {
            PyTorch.engine();
        } catch (RuntimeException | LinkageError failure) {
            LOG.debug("The engine could not be loaded early", failure);
        }
    }
}
