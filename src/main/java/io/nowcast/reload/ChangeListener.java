package io.nowcast.reload;

import io.nowcast.model.ChangeAttempt;
import io.nowcast.model.ServedModel;
import java.time.Duration;

/** Is told of changes of models; implementations are quick and never throw. */
public interface ChangeListener {

    /** Hears nothing. */
    ChangeListener NONE = new ChangeListener() {};

    /** A generation is served from now on. */
    default void served(ServedModel model) {}

    /** An attempt ended. */
    default void ended(String model, ChangeAttempt.Kind kind, Outcome outcome, Duration took) {}

    /** How an attempt ended. */
    enum Outcome {
        SERVED,
        REFUSED,
        /** The folder was written to, but holds what is served. */
        UNCHANGED
    }
}
