package io.nowcast.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * The last attempt to serve other files under a model's name.
 *
 * @param kind who or what wanted it
 * @param state what has become of it
 * @param began when it began
 * @param seconds that it took; absent while it is under way
 * @param reason why it was refused
 */
public record ChangeAttempt(
        Kind kind, State state, Instant began, Optional<Double> seconds, Optional<String> reason) {

    /** Who or what wanted it. */
    public enum Kind {
        /** An operator: the files as they lie in the models directory. */
        RELOAD,
        /** An operator: the files of the generation before. */
        ROLLBACK,
        /** The watch over the models directory. */
        WATCH;

        /** As answers and meters write it. */
        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What has become of it. */
    public enum State {
        /** The new one is being loaded beside the old one. */
        LOADING,
        /** The new one is served. */
        SERVED,
        /** The new one was bad, and the old one goes on. */
        REFUSED;

        /** As answers and meters write it. */
        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
