package io.nowcast.layout;

import java.util.List;
import java.util.Optional;

/**
 * Something that the keys of a checkpoint do not tell.
 *
 * @param name of the manifest's entry below {@code network}
 * @param options what may be answered; empty for anything, or one in angle brackets that says what
 * @param answer the manifest's, or the layout's own where it has one
 * @param required whether a manifest without an answer is refused
 */
public record Question(
        String name, List<String> options, Optional<String> answer, boolean required) {

    public Question {
        options = List.copyOf(options);
    }

    /** Whether an answer is required and there is none. */
    public boolean open() {
        return required && answer.isEmpty();
    }
}
