package io.nowcast.codec;

/** The body is of a kind that carries no frames here, for example JSON, GIF or HDF5. */
public final class UnsupportedBodyException extends CodecException {

    UnsupportedBodyException(String message) {
        super(message);
    }
}
