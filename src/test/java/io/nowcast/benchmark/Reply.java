package io.nowcast.benchmark;

import java.net.http.HttpResponse;
import java.util.OptionalLong;

/** An answer of the service. */
final class Reply {

    private final int status;
    private final OptionalLong retryAfterSeconds;
    private final byte[] body;

    Reply(int status, OptionalLong retryAfterSeconds, byte[] body) {
        this.status = status;
        this.retryAfterSeconds = retryAfterSeconds;
        this.body = body;
    }

    static Reply of(HttpResponse<byte[]> response) {
        return new Reply(
                response.statusCode(),
                response.headers().firstValueAsLong("Retry-After"),
                response.body());
    }

    int status() {
        return status;
    }

    OptionalLong retryAfterSeconds() {
        return retryAfterSeconds;
    }

    byte[] body() {
        return body;
    }
}
