package io.nowcast.web;

/** A query parameter that cannot be used. The message names it, what was expected and what came. */
final class ParameterException extends RuntimeException {

    ParameterException(String message) {
        super(message);
    }
}
