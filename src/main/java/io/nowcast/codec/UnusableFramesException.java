package io.nowcast.codec;

/**
 * A well-formed body whose content is no sequence of frames: a shape or element type that means
 * something else, frames of different sizes, colour; or missing data in an encoding without a fill
 * value.
 */
public final class UnusableFramesException extends CodecException {

    UnusableFramesException(String message) {
        super(message);
    }
}
