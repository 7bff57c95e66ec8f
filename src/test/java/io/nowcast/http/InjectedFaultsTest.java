package io.nowcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nowcast.http.InjectedModel.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.test.annotation.DirtiesContext;

/**
 * What clients, health and meters say of a device that fails. The last test loses the device, which
 * is for ever.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"nowcast.stuck=300ms", "nowcast.cpu.workers=1"})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@DirtiesContext
@Timeout(60)
class InjectedFaultsTest {

    private static final Body BODY = EncodedEvent.sample().npy("u8");

    @LocalServerPort private int port;
    @Autowired private InjectedModel model;

    @TestConfiguration
    static class Engine {
        @Bean
        @Primary
        InjectedModel injectedModel() {
            return new InjectedModel();
        }
    }

    @AfterEach
    void repair() {
        model.inject(Fault.NONE);
    }

    @Test
    @Order(1)
    void aCallThatThrowsFailsItsRequestAndNoOther() {
        model.inject(Fault.THROWS);
        Answer failed = ask();
        model.inject(Fault.NONE);

        assertThat(failed.status()).isEqualTo(500);
        assertThat(failed.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(failed.text()).doesNotContain("secret");
        assertThat(ask().status()).isEqualTo(200);
        assertThat(meter("nowcast_predictions_failed_total", "reason=\"call\"")).isEqualTo(1);
        assertThat(status("liveness")).isEqualTo(200);
        assertThat(status("readiness")).isEqualTo(200);
    }

    @Test
    @Order(2)
    void exhaustedMemoryIsNoFaultOfTheClientAndPasses() {
        model.inject(Fault.OUT_OF_MEMORY);
        Answer refused = ask();
        model.inject(Fault.NONE);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).matches("[1-9]\\d*");
        assertThat(refused.json().get("detail").asString()).contains("too little memory");
        assertThat(ask().status()).isEqualTo(200);
        assertThat(meter("nowcast_predictions_failed_total", "reason=\"out_of_memory\""))
                .isEqualTo(1);
        assertThat(status("liveness")).isEqualTo(200);
        assertThat(status("readiness")).isEqualTo(200);
    }

    @Test
    @Order(3)
    void aClientThatHangsUpIsDroppedFromTheQueue() throws IOException {
        model.inject(Fault.HANGS);
        CompletableFuture<Answer> first = CompletableFuture.supplyAsync(this::ask);
        model.awaitHanging();
        try (Socket leaving = new Socket(InetAddress.getLoopbackAddress(), port)) {
            leaving.getOutputStream()
                    .write(
                            ("POST /forecast HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-npy\r\nContent-Length: "
                                            + BODY.bytes().length
                                            + "\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            leaving.getOutputStream().write(BODY.bytes());
            awaitMeter("nowcast_queue_depth", "model=\"radar-convgru\"", 1);
        }
        awaitMeter("nowcast_predictions_dropped_total", "reason=\"abandoned\"", 1);
        assertThat(meter("nowcast_queue_depth", "model=\"radar-convgru\"")).isZero();

        model.release();
        first.join();
    }

    @Test
    @Order(4)
    void aCallThatDoesNotReturnIsGivenUpAndLivenessTellsSo() {
        model.inject(Fault.HANGS);
        Answer first = ask();
        Answer second = ask();

        assertThat(first.status()).isEqualTo(503);
        assertThat(first.json().get("detail").asString()).contains("has not returned for PT0.3S");
        assertThat(second.status()).isEqualTo(503);
        assertThat(second.header("Retry-After")).isEqualTo("30");
        assertThat(status("liveness")).isEqualTo(503);
        assertThat(status("readiness")).isEqualTo(503);
        assertThat(meter("nowcast_worker_serving", "device=\"cpu\"")).isZero();
        assertThat(meter("nowcast_predictions_failed_total", "reason=\"stuck\"")).isPositive();

        model.release();
        while (status("liveness") != 200) {
            Thread.onSpinWait();
        }
        assertThat(status("readiness")).isEqualTo(200);
        assertThat(ask().status()).isEqualTo(200);
    }

    @Test
    @Order(5)
    void aLostDeviceTurnsLivenessOffForGood() {
        model.inject(Fault.DEVICE_LOST);
        Answer failed = ask();
        model.inject(Fault.NONE);
        Answer next = ask();

        for (Answer answer : new Answer[] {failed, next}) {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.json().get("detail").asString()).contains("illegal memory access");
            assertThat(answer.header("Retry-After")).isEqualTo("30");
        }
        assertThat(status("liveness")).isEqualTo(503);
        assertThat(status("readiness")).isEqualTo(503);
        assertThat(meter("nowcast_device_lost", "device=\"cpu\"")).isEqualTo(1);
        assertThat(meter("nowcast_requests_refused_total", "reason=\"no_copy\"")).isPositive();
    }

    private Answer ask() {
        return new ServiceClient(port).forecast("steps=1", BODY);
    }

    private int status(String probe) {
        return new ServiceClient(port).get("/actuator/health/" + probe).status();
    }

    private void awaitMeter(String name, String tag, double value) {
        while (meter(name, tag) != value) {
            Thread.onSpinWait();
        }
    }

    /** The value of a meter, 0 where it is not there yet. */
    private double meter(String name, String tag) {
        Matcher line =
                Pattern.compile(
                                "^" + name + "\\{[^}]*" + Pattern.quote(tag) + "[^}]*} (\\S+)$",
                                Pattern.MULTILINE)
                        .matcher(new ServiceClient(port).get("/actuator/prometheus").text());
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }
}
