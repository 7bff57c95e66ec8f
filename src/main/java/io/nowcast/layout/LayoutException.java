package io.nowcast.layout;

/**
 * Weights that cannot be served as they are: no layout has their keys, they do not fit the layout,
 * or the manifest leaves a question open. The message tells all of it at once.
 */
public final class LayoutException extends RuntimeException {

    /** Messages quote names from the file, which may be of any length. */
    private static final int LONGEST_MESSAGE = 4_000;

    LayoutException(String message) {
        super(
                message.length() <= LONGEST_MESSAGE
                        ? message
                        : message.substring(0, LONGEST_MESSAGE) + "...");
    }
}
