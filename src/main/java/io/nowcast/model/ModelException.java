package io.nowcast.model;

/**
 * A model that cannot be loaded or run. The message says why, in words for the person who put it
 * there.
 */
public final class ModelException extends RuntimeException {

    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
