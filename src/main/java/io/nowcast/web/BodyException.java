package io.nowcast.web;

import org.springframework.http.HttpStatus;

/** A body that is refused before its frames are looked at, or a service too busy to look at it. */
final class BodyException extends RuntimeException {

    private final HttpStatus status;

    BodyException(HttpStatus status, String message) {
        super(message);
        this.status = status;
    }

    HttpStatus status() {
        return status;
    }
}
