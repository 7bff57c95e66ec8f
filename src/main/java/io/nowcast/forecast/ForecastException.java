package io.nowcast.forecast;

import java.time.Duration;

/** Why a forecast was not made. */
public abstract sealed class ForecastException extends RuntimeException {

    private ForecastException(String message) {
        super(message);
    }

    private ForecastException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Without a stack trace: made by the hundred when there is least to spare, and told to nobody. */
    private ForecastException(String message, boolean traced) {
        super(message, null, false, traced);
    }

    /** No model of this name is served. */
    public static final class UnknownModel extends ForecastException {
        UnknownModel(String message) {
            super(message);
        }
    }

    /** The request is well-formed, but this model cannot use it. */
    public static final class Unusable extends ForecastException {
        Unusable(String message) {
            super(message);
        }
    }

    /** The service has no room for the request now. */
    public static final class Busy extends ForecastException {

        private final Duration retryAfter;

        Busy(String message, Duration retryAfter) {
            super(message, false);
            this.retryAfter = retryAfter;
        }

        /** When to try again. */
        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** More than the service will ever have room for. */
    public static final class TooLarge extends ForecastException {
        TooLarge(String message) {
            super(message);
        }
    }

    /** The client hung up; nothing is computed any more. */
    public static final class ClientGone extends ForecastException {
        ClientGone(String message) {
            super(message);
        }
    }

    /** The deadline passed; nothing is computed any more. */
    public static final class TooLate extends ForecastException {
        TooLate(String message) {
            super(message);
        }
    }

    /** The model or its device failed. */
    public static final class Failed extends ForecastException {
        Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
