package io.nowcast.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;

/** A number of two characters in JSON takes eight times as much once it is read. */
class InferenceMemoryTest {

    private static final int NUMBERS = 100_000;
    private static final byte[] BODY =
            "{\"inputs\": [{\"name\": \"frames\", \"shape\": [%d], \"datatype\": \"FP64\", \"data\": [%s0]}]}"
                    .formatted(NUMBERS, "0,".repeat(NUMBERS - 1))
                    .getBytes(StandardCharsets.US_ASCII);

    private static InferenceRequest read(LongConsumer memory) {
        return InferenceRequestReader.read(
                BODY, null, NUMBERS, InferenceRequestReader.mapper(16), memory);
    }

    /** The body, the numbers as they are collected and the tensor that is made of them. */
    @Test
    void isToldWhole() {
        AtomicLong most = new AtomicLong();
        InferenceRequest request = read(bytes -> most.accumulateAndGet(bytes, Math::max));

        assertThat(request.npy()).hasSizeGreaterThan(8 * NUMBERS);
        assertThat(most.get()).isGreaterThanOrEqualTo(BODY.length + 16L * NUMBERS);
    }

    @Test
    void isAskedForBeforeItIsTaken() {
        BodyException refusal =
                new BodyException(HttpStatus.SERVICE_UNAVAILABLE, "no room for more");

        assertThatThrownBy(() ->
                        read(bytes -> {
                            if (bytes > BODY.length + 16L * NUMBERS / 10) {
                                throw refusal;
                            }
                        }))
                .isSameAs(refusal);
    }
}
