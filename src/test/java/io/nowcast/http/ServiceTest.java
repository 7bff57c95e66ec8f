package io.nowcast.http;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/**
 * A test of the started service. All of them have the same configuration, and with it one service;
 * the limits are low, so that bodies over them are small.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "nowcast.devices=cpu",
            "nowcast.limits.body=" + ServiceTest.BODY_LIMIT,
            "nowcast.limits.expanded=32MB",
            "nowcast.limits.entries=80"
        })
abstract class ServiceTest {

    static final int BODY_LIMIT = 4_000_000;

    /** float32 of another batch size or encoding: the bound that the HTTP contract gives. */
    static final double ROUNDING = 1e-6;

    @LocalServerPort private int port;

    ServiceClient service() {
        return new ServiceClient(port);
    }
}
