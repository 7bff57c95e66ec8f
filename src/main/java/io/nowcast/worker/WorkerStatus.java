package io.nowcast.worker;

import io.nowcast.model.Placement;
import java.time.Duration;

/**
 * What a model copy does now.
 *
 * @param busy how long the current model call takes so far; zero when idle
 */
public record WorkerStatus(String model, Placement placement, State state, Duration busy) {

    /** Whether it is loaded, warm and able to take work. */
    public boolean serving() {
        return state == State.SERVING;
    }

    public String device() {
        return placement.device().toString();
    }

    /** What a copy can be. */
    public enum State {
        SERVING,
        /** Not loaded, or ended. */
        STOPPED,
        /** Its model call was given up and has not come back. */
        STUCK,
        /** Its device is lost to this process. */
        LOST
    }
}
