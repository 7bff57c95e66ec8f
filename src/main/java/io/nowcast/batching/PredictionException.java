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

    /** Without a stack trace: made by the hundred when there is least to spare, and told to nobody. */
    private PredictionException(String message, boolean traced) {
        super(message, null, false, traced);
    }

    /** There is no room, or no hope of an answer in time: try again later. */
    public static final class Refused extends PredictionException {

        private final Duration retryAfter;

        Refused(String message, Duration retryAfter) {
            super(message, false);
            this.retryAfter = retryAfter;
        }

        /** When the work that is queued now will be done, as far as recent calls tell. */
        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** More than there will ever be room for. */
    public static final class TooLarge extends PredictionException {
        TooLarge(String message) {
            super(message);
        }
    }

    /** The service shuts down and accepts nothing new. */
    public static final class QueueClosed extends PredictionException {
        QueueClosed() {
            super("the service is shutting down");
        }
    }

    /** No copy of the model can serve now: its devices are lost, or its calls do not return. */
    public static final class NoCopy extends PredictionException {
        public NoCopy(String message) {
            super(message);
        }
    }

    /** The deadline passed before there was an answer. */
    public static final class DeadlinePassed extends PredictionException {
        DeadlinePassed(Duration allowed) {
            super("no answer within " + allowed);
        }
    }

    /** The client is gone and nobody wants the answer. */
    public static final class Abandoned extends PredictionException {
        Abandoned() {
            super("the client closed its connection before the answer was there");
        }
    }

    /** The device had too little memory for this prediction alone. */
    public static final class OutOfMemory extends PredictionException {
        public OutOfMemory(Throwable cause) {
            super("the device has too little memory for this prediction now", cause);
        }
    }

    /** The model call failed. */
    public static final class Failed extends PredictionException {
        Failed(Throwable cause) {
            super("the model call failed", cause);
        }
    }
}
