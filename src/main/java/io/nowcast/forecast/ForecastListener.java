package io.nowcast.forecast;

import java.time.Duration;

/** Is told of what requests take; implementations are quick and never throw. */
public interface ForecastListener {

    /** A request came in; {@link #requestEnded} follows. */
    void requestStarted();

    /** A stage of a request took this long. */
    void stageTook(Stage stage, String model, String device, Duration duration);

    /**
     * A request ended, in {@code success} or {@code failed}; the device is {@code none} if it
     * reached none.
     */
    void requestEnded(String model, String device, String outcome, Duration duration);

    /** Bytes of a request's body, and the frames found in it. */
    void received(String model, long bytes, long frames);

    /** Frames of an answer. */
    void answered(String model, long frames);

    /** The stages of a request. */
    enum Stage {
        DECODE,
        QUEUE,
        INFERENCE,
        ENCODE
    }
}
