package io.nowcast.batching;

/**
 * Is told of what becomes of requests and predictions; implementations are quick and never throw.
 * May be called under a queue's lock.
 */
public interface PredictionListener {

    /** Hears nothing. */
    PredictionListener NONE = new PredictionListener() {};

    /** A request was refused before its body was read, or before it was queued. */
    default void refused(String model, Refusal reason) {}

    /** A prediction was accepted and dropped before a model call. */
    default void dropped(String model, Drop reason) {}

    /** Predictions share a model call that begins. */
    default void dispatched(String model, String device, int predictions) {}

    /** A prediction failed in its model call or for lack of one. */
    default void failed(String model, Failure reason) {}

    /** Why a request was refused. */
    enum Refusal {
        /** As many requests wait as may. */
        QUEUE,
        /** Requests hold as much memory as they may. */
        MEMORY,
        /** The expected wait is longer than the request's timeout. */
        DEADLINE,
        /** No copy of the model serves. */
        NO_COPY,
        /** The service shuts down. */
        CLOSED
    }

    /** Why a prediction was dropped. */
    enum Drop {
        DEADLINE,
        /** The client hung up, or another part of its request failed. */
        ABANDONED
    }

    /** Why a prediction failed. */
    enum Failure {
        /** The call threw. */
        CALL,
        OUT_OF_MEMORY,
        /** The call does not return. */
        STUCK,
        /** No copy of the model is left to run it. */
        NO_COPY
    }
}
