package io.nowcast.codec;

/** The body promises, or expands to, more than {@link CodecLimits} allow. */
public final class BodyTooLargeException extends CodecException {

    BodyTooLargeException(String message) {
        super(message);
    }
}
