package io.nowcast.security;

import java.net.InetAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.event.EventListener;

/** Says so in the log where anyone who reaches the service is served. */
final class OpenServiceWarning {

    private static final Logger LOG = LoggerFactory.getLogger(OpenServiceWarning.class);

    private final AccessMode mode;
    private final Optional<InetAddress> address;

    OpenServiceWarning(AccessProperties access, ServerProperties server) {
        this.mode = access.mode();
        this.address = Optional.ofNullable(server.getAddress());
    }

    @EventListener(ApplicationReadyEvent.class)
    void warn() {
        boolean reachable = address.map(at -> !at.isLoopbackAddress()).orElse(true);
        if (mode == AccessMode.NONE && reachable) {
            LOG.warn(
                    """


                    ****************************************************************************
                    *  This service is OPEN: whoever reaches it is served, and reads its meters.
                    *  nowcast.security.mode is none, and it listens on {}.
                    *
                    *  Set nowcast.security.mode to api-key or jwt (docs/security.md),
                    *  or server.address to 127.0.0.1,
                    *  or see to it that only those who may can reach it.
                    ****************************************************************************
                    """,
                    address.map(InetAddress::getHostAddress).orElse("all addresses"));
        }
    }
}
