package io.nowcast.security;

import java.time.Duration;

/** Why a request is refused. The message is for the client; it never holds a key or a token. */
public abstract sealed class AccessException extends RuntimeException {

    private AccessException(String message) {
        super(message);
    }

    /** Nobody, or nobody known, asks. */
    public static final class Unauthenticated extends AccessException {

        private final String challenge;

        Unauthenticated(String message, String challenge) {
            super(message);
            this.challenge = challenge;
        }

        /** The value of {@code WWW-Authenticate} (RFC 6750, section 3). */
        public String challenge() {
            return challenge;
        }
    }

    /** Who asks may not do this. */
    public static final class Forbidden extends AccessException {

        private final String challenge;

        Forbidden(String message, String challenge) {
            super(message);
            this.challenge = challenge;
        }

        /** The value of {@code WWW-Authenticate}, empty where no credential would help. */
        public String challenge() {
            return challenge;
        }
    }

    /** The client has used up what it may have for now. */
    public static final class QuotaExceeded extends AccessException {

        private final Duration retryAfter;

        QuotaExceeded(String message, Duration retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }

        /** After this time there is enough again. */
        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** One request asks for more than a client may ever have. */
    public static final class BeyondQuota extends AccessException {
        BeyondQuota(String message) {
            super(message);
        }
    }
}
