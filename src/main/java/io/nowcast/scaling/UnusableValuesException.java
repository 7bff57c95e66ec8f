package io.nowcast.scaling;

/** A value that is no rain: infinite, or a negative rain rate. The message says which and where. */
public final class UnusableValuesException extends RuntimeException {

    UnusableValuesException(String message) {
        super(message);
    }
}
