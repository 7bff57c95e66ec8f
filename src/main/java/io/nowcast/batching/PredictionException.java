package io.nowcast.batching;

import java.time.Duration;

/** Why a prediction was not made. */
public abstract sealed class PredictionException extends RuntimeException {

    private PredictionException(String message) {
        super(message);
    }

    private PredictionException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The queue holds as much as it may: try again after the time it needs to move on. */
    public static final class QueueFull extends PredictionException {

        private final Duration retryAfter;

        QueueFull(String message, Duration retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }

        /** When the work that is queued now will be done, as far as recent calls tell. */
        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** The service shuts down and accepts nothing new. */
    public static final class QueueClosed extends PredictionException {
        QueueClosed() {
            super("the service is shutting down");
        }
    }

    /** The deadline passed before the model was run. */
    public static final class DeadlinePassed extends PredictionException {
        DeadlinePassed(Duration allowed) {
            super("no answer within " + allowed);
        }
    }

    /** The model call failed. */
    public static final class Failed extends PredictionException {
        Failed(Throwable cause) {
            super("the model call failed", cause);
        }
    }
}
