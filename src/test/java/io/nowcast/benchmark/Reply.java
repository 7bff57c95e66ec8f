package io.nowcast.benchmark;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.jspecify.annotations.Nullable;

/** An answer of the service. */
final class Reply {

    private static final Pattern STAGE = Pattern.compile("(\\w+);dur=([\\d.]+)");

    private final int status;
    private final OptionalLong retryAfterSeconds;
    private final String serverTiming;
    private final byte[] body;

    Reply(int status, OptionalLong retryAfterSeconds, byte[] body) {
        this(status, retryAfterSeconds, "", body);
    }

    private Reply(int status, OptionalLong retryAfterSeconds, String serverTiming, byte[] body) {
        this.status = status;
        this.retryAfterSeconds = retryAfterSeconds;
        this.serverTiming = serverTiming;
        this.body = body;
    }

    /** Reads an answer to its end. */
    static Reply of(ClassicHttpResponse response) throws IOException {
        @Nullable Header retryAfter = response.getFirstHeader("Retry-After");
        @Nullable Header serverTiming = response.getFirstHeader("Server-Timing");
        byte @Nullable [] body = EntityUtils.toByteArray(response.getEntity());
        return new Reply(
                response.getCode(),
                retryAfter == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(Long.parseLong(retryAfter.getValue())),
                serverTiming == null ? "" : serverTiming.getValue(),
                body == null ? new byte[0] : body);
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

    /** Milliseconds that the service spent in a stage, by its {@code Server-Timing}. */
    double stage(String name) {
        Matcher stages = STAGE.matcher(serverTiming);
        while (stages.find()) {
            if (stages.group(1).equals(name)) {
                return Double.parseDouble(stages.group(2));
            }
        }
        throw new IllegalStateException("the answer has no Server-Timing for " + name);
    }
}
