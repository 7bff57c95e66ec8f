package io.nowcast.codec;

/** The bytes break the rules of their format: bad magic, truncated, contradicting themselves. */
public final class MalformedBodyException extends CodecException {

    MalformedBodyException(String message) {
        super(message);
    }

    MalformedBodyException(String message, Throwable cause) {
        super(message, cause);
    }
}
