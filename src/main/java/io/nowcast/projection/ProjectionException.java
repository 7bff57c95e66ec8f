package io.nowcast.projection;

/** A projection that cannot be understood. The message says which, and what is wrong with it. */
public final class ProjectionException extends RuntimeException {

    ProjectionException(String message) {
        super(message);
    }

    ProjectionException(String message, Throwable cause) {
        super(message, cause);
    }
}
