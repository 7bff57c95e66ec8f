package io.nowcast.codec;

/**
 * A body that frames cannot be read from, or a forecast that a format cannot hold. The message is
 * meant for the client: what was expected, what came and where.
 */
public abstract sealed class CodecException extends RuntimeException
        permits MalformedBodyException,
                BodyTooLargeException,
                UnsupportedBodyException,
                UnusableFramesException {

    CodecException(String message) {
        super(message);
    }

    CodecException(String message, Throwable cause) {
        super(message, cause);
    }
}
